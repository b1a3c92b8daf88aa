"""From files, folders and archives to what the readers get."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from miner.errors import InputError, UsageError
from miner.readers.files import find
from tests.readers.tabular.looking import look, look_at, text_of

LOG = text_of("A,Opened,2026-01-02T10:00:00Z,L1", "A,Closed,2026-01-02T11:00:00Z,L2")
OTHER = text_of("B,Opened,2026-01-03T10:00:00Z,L1")


def zipped(path: Path, compression: int = zipfile.ZIP_DEFLATED, **members: str | bytes) -> Path:
    """A zip archive with these members."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_gzipped_file_is_read_under_its_plain_name(tmp_path: Path) -> None:
    """`log.csv.gz` gives the events of log.csv, also where its name does not say that it is packed."""
    assert look(tmp_path, gzip.compress(LOG.encode()), "log.csv.gz").reports[0].file == "log.csv"
    assert look(tmp_path, gzip.compress(LOG.encode("utf-16")), "packed.csv").column("team") == ["L1", "L2"]


def test_all_logs_of_a_zip_are_read(tmp_path: Path) -> None:
    """Every member is a source of its own; notes, folders and other files beside them are no logs."""
    path = zipped(
        tmp_path / "all.zip",
        **{
            "logs/one.csv": LOG,
            "two.csv": OTHER,
            "README.md": "# hi",
            "logs/": "",
            "__MACOSX/one.csv": "x",
            "logo.bin": b"\x00\x01" * 50,
            "empty.csv": "",
        },
    )
    found = look_at(path)
    assert [r.file for r in found.reports] == ["all.zip/one.csv", "all.zip/two.csv"]
    assert found.column("source") == ["all.zip/one.csv"] * 2 + ["all.zip/two.csv"]
    assert any("logo.bin" in name for name in found.passed_over)  # type: ignore[attr-defined]


def test_members_of_the_same_name_stay_apart(tmp_path: Path) -> None:
    """Two members that are called the same in two folders are two sources."""
    found = look_at(zipped(tmp_path / "all.zip", **{"a/log.csv": LOG, "b/log.csv": OTHER}))
    assert found.column("interaction_id") == ["A", "A", "B"]
    assert [r.file for r in found.reports] == ["all.zip/a/log.csv", "all.zip/b/log.csv"]


def test_a_member_never_leaves_the_archive_for_another_place(tmp_path: Path) -> None:
    """Names that climb out of the folder write nothing outside the session's own."""
    inside = tmp_path / "deep" / "folder"
    inside.mkdir(parents=True)
    path = zipped(inside / "log.zip", **{"../../escaped.csv": LOG, "/tmp/rooted.csv": OTHER})
    assert len(look_at(path).events) == 3
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["deep", "folder", "log.zip"]


@pytest.mark.parametrize("kind", ["gz", "zip"])
def test_a_bomb_is_refused(tmp_path: Path, kind: str) -> None:
    """What unpacks to hundreds of times its size is not unpacked to the end."""
    zeros = b"0" * (230 << 20)
    path = tmp_path / f"bomb.{kind}"
    if kind == "zip":
        zipped(path, **{"bomb.csv": zeros})
    else:
        path.write_bytes(gzip.compress(zeros, 9))
    with pytest.raises(InputError, match="looks like a zip bomb"):
        look_at(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.csv.gz", gzip.compress(LOG.encode() * 50, mtime=0)[:-30]),
        ("junk.csv.gz", b"\x1f\x8b" + b"junk" * 9),
        ("cut.zip", None),
        ("short.zip", b"PK\x03\x04"),
    ],
)
def test_damaged_archives_are_named_as_damaged(tmp_path: Path, name: str, content: bytes | None) -> None:
    """An archive that is cut off or broken is an error with what to do."""
    whole = zipped(tmp_path / "whole.zip", **{"log.csv": LOG * 99}).read_bytes()
    with pytest.raises(InputError, match=rf"{name}: the archive is damaged") as error:
        look(tmp_path, content or whole[:-40], name)
    assert "again" in str(error.value)


def test_an_encrypted_zip_is_an_error(tmp_path: Path) -> None:
    """A member that needs a password is named, not guessed at."""
    path = zipped(tmp_path / "secret.zip", zipfile.ZIP_STORED, **{"log.csv": LOG})
    packed = bytearray(path.read_bytes())
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(packed)
    with pytest.raises(InputError, match=r"secret\.zip.*password"):
        look_at(path)


def test_an_empty_zip_and_a_zip_without_logs_are_errors(tmp_path: Path) -> None:
    """An archive that gives nothing to read says so."""
    with pytest.raises(InputError, match="no log files"):
        look_at(zipped(tmp_path / "none.zip", **{"README.md": "hello"}))
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    with pytest.raises(InputError):
        look(tmp_path, empty.getvalue(), "empty.zip")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "the file is empty"),
        ("case,activity,time\n", "a header but no rows"),
        ("case,activity,time\n\n\n", "a header but no rows"),
        ("case,activity,time\n?,x,2026-01-02T10:00:00Z\n", "no usable row: 1 × no case id"),
        ("case,activity,time\nA,x\nB,y\n", "no column was recognised as the"),
        ("\x00\x01\x02\xff" * 99, "no reader recognises"),
        ("\n\n\n", ""),
        (" ", ""),
        ("<html><body>Sign in</body></html>", "this is a web page"),
        ("just words\n", ""),
    ],
)
def test_files_that_hold_nothing_usable_are_errors_where_they_are_named(
    tmp_path: Path, content: str, what: str
) -> None:
    """Empty, header only, nothing usable, binary or a page of a website: each is an error with the file and why."""
    with pytest.raises(InputError, match=r"log\.csv") as error:
        look(tmp_path, content.encode("latin-1") if "\xff" in content else content)
    assert what in str(error.value)


def test_all_bad_files_are_named_at_once(tmp_path: Path) -> None:
    """Every file that cannot be read is in the one error, and one that can is no excuse."""
    for name, content in {"a.csv": "", "b.csv": LOG, "c.csv": "case,activity,time\n", "d.zip": "PK\x03\x04"}.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(InputError) as error:
        look_at(*(tmp_path / name for name in ("a.csv", "b.csv", "c.csv", "d.zip")))
    assert [p.file for p in error.value.problems] == ["a.csv", "c.csv", "d.zip"]


def test_foreign_files_in_a_folder_are_passed_over_and_told(tmp_path: Path) -> None:
    """Pictures, notes, empty files and tables that are no logs do not keep the logs of a folder from being read."""
    (tmp_path / "sub").mkdir()
    for name, content in {
        "log.csv": LOG,
        "notes.txt": "Call Ann, then Bo.\nThanks.\n",
        "data.bin": "\0\1\2" * 50,
        "empty.csv": "",
        "team.csv": "name,mail\nAnn,a@x\n",
        "README.md": "#",
        ".hidden": LOG,
        "page.html": "<html>",
    }.items():
        (tmp_path / name).write_text(content)
    found = look_at(tmp_path)
    assert [r.file for r in found.reports] == ["log.csv"]
    told = " ".join(found.passed_over)  # type: ignore[attr-defined]
    assert not found.rejects
    assert all(
        name in told
        for name in ("notes.txt", "data.bin", "empty.csv", "team.csv", "README.md", ".hidden", "page.html", "sub/")
    )


def test_a_folder_without_logs_is_an_error(tmp_path: Path) -> None:
    """A folder of which nothing can be read says so, whether it is empty or holds other things."""
    with pytest.raises(InputError, match="no log files in this folder"):
        look_at(tmp_path)
    (tmp_path / "2026" / "03").mkdir(parents=True)
    with pytest.raises(InputError, match="no log files in this folder"):
        look_at(tmp_path)
    (tmp_path / "notes.txt").write_text("hello\n")
    with pytest.raises(InputError, match=r"none of the files is a log: notes\.txt"):
        look_at(tmp_path)


def test_a_folder_of_folders_is_read_all_the_way_down(tmp_path: Path) -> None:
    """Where a folder has no log of its own, those of its subfolders are read; what is hidden or no log is not."""
    for name in ("2026/03/log.csv", "2026/04/log.csv", "2026/04/README.md", "2026/.old/log.csv", ".git/log.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(LOG.replace("A,", f"{name[5:7]},"))
    files, passed = find([str(tmp_path)])
    assert [f.name for f in files] == ["2026/03/log.csv", "2026/04/log.csv"]
    assert sorted(passed) == [".git/", "2026/04/README.md"]
    (tmp_path / "log.csv").write_text(LOG)
    files, passed = find([str(tmp_path)])
    assert [f.name for f in files] == ["log.csv"] and sorted(passed) == [".git/", "2026/"]


def test_the_days_of_a_chat_are_read_from_the_folders_of_its_channels(tmp_path: Path) -> None:
    """An export of Slack that was unpacked is read as the archive is."""
    folder = Path(__file__).parent / "fixtures" / "slack"
    archive = tmp_path / "slack.zip"
    zipped(archive, **{p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*.json")})
    assert look_at(folder).column("activity") == look_at(archive).column("activity")


def test_a_log_of_a_folder_that_cannot_be_read_can_be_left_out(tmp_path: Path) -> None:
    """The error for a bad log in a folder also says how to go on without it."""
    (tmp_path / "log.csv").write_text(LOG)
    (tmp_path / "users.csv").write_text("case,activity\nA,b\n")
    with pytest.raises(InputError, match=r"as the time \(recognised: case=case, activity=activity\)") as error:
        look_at(tmp_path)
    assert "ignore: [users.csv]" in str(error.value)
    assert len(find([str(tmp_path)], ignore=["users.csv"])[0]) == 1


def test_sources_that_are_not_there_are_named_together() -> None:
    """Every missing source is in the one error."""
    with pytest.raises(InputError) as error:
        find(["nowhere.csv", "zendesk:gone.json"])
    assert [p.file for p in error.value.problems] == ["nowhere.csv", "zendesk:gone.json"]


def test_a_kind_before_the_path_chooses_the_reader(tmp_path: Path) -> None:
    """`kind:path` is read by that reader; an unknown kind is a usage error that lists the kinds."""
    (tmp_path / "log.csv").write_text(LOG)
    assert look_at(f"eventlog:{tmp_path}/log.csv").reports[0].why.startswith("named on the command line")
    with pytest.raises(UsageError, match=r"kinds are: .*eventlog.*xes.*zendesk"):
        look_at(f"remedy:{tmp_path}/log.csv")
    with pytest.raises(InputError):
        look_at(f"xes:{tmp_path}/log.csv")


def test_a_file_whose_name_looks_like_a_kind_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where `eventlog:x.csv` is the name of a file, the file is meant."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "eventlog:x.csv").write_text(LOG)
    assert find(["eventlog:x.csv"])[0][0].kind is None


@pytest.mark.parametrize("again", ["copy.csv", "log.csv.gz", "log.zip"])
def test_the_same_file_twice_is_read_once(tmp_path: Path, again: str) -> None:
    """A copy of a file, plain or packed, is noted and adds no events."""
    (tmp_path / "log.csv").write_text(LOG)
    copy = tmp_path / again
    if again.endswith(".zip"):
        zipped(copy, **{"log.csv": LOG})
    else:
        copy.write_bytes(gzip.compress(LOG.encode()) if again.endswith(".gz") else LOG.encode())
    found = look_at(tmp_path / "log.csv", copy)
    assert len(found.events) == 2
    assert found.note("same_file")


def test_files_of_the_same_name_stay_apart(tmp_path: Path) -> None:
    """Two folders with a log.csv each give two sources, with rejects and reports of their own."""
    for folder, text in (("a", LOG + "X,x,never,L1\n"), ("b", OTHER)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "log.csv").write_text(text)
    found = look_at(tmp_path / "a", tmp_path / "b")
    assert [(Path(r.file).parent.name, r.events, r.rejected) for r in found.reports] == [("a", 2, 1), ("b", 1, 0)]


def test_a_log_split_in_two_is_the_same_log(tmp_path: Path) -> None:
    """The halves of a file give the rows of the whole."""
    rows = [f"K{n % 7},Step {n},2026-01-02T10:{n:02}:00Z,L{n % 3}" for n in range(60)]
    whole = look(tmp_path, text_of(*rows))
    (tmp_path / "1.csv").write_text(text_of(*rows[:23]))
    (tmp_path / "2.csv").write_text(text_of(*rows[23:]))
    halves = look_at(tmp_path / "1.csv", tmp_path / "2.csv")
    for name in ("interaction_id", "activity", "started_us", "team"):
        assert whole.column(name) == halves.column(name)


def test_pages_of_one_export_are_read_together(tmp_path: Path) -> None:
    """Overlapping pages of one system's export count each record once, whatever files they are in."""
    audit = '{"id": %d, "ticket_id": 9, "created_at": "2026-01-02T10:00:0%dZ", "author_id": 1, '
    audit += '"events": [{"type": "Create", "field_name": "status", "value": "new"}]}\n'
    (tmp_path / "page1.jsonl").write_text(audit % (1, 1) + audit % (2, 2))
    (tmp_path / "page2.jsonl").write_text(audit % (2, 2) + audit % (3, 3))
    found = look_at(tmp_path)
    assert [r.file for r in found.reports] == ["page1.jsonl", "page2.jsonl"]
    assert found.note("duplicates")
    assert len({e["sequence"] for e in found.events}) == len(found.events) or len(found.events) == 3
