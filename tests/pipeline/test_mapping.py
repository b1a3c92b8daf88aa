"""mapping.yaml and the list of silos: what they say, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.errors import InputError
from miner.pipeline import Settings
from miner.pipeline.mapping import with_mapping_file
from miner.pipeline.teams import read_silos, read_tiers


def mapped(folder: Path, text: str, **options: object) -> Settings:
    """Settings completed by a mapping file with this text."""
    path = folder / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    return with_mapping_file(Settings(**options), path)  # type: ignore[arg-type]


FULL = """
tz: Europe/Berlin
good: [resolved, "closed"]
silos: {L1: Service}
journeys: linked
window: 3
ignore: old.csv
sources:
  a.csv:
    reader: eventlog
    map: {case: id, team: 360021765432, agent:}
    tz: Asia/Tokyo
    time_format: "%d.%m.%Y"
    dayfirst: true
    missing: [keine, 0]
  b.csv:
"""


def test_everything_that_a_mapping_can_say_becomes_settings(tmp_path: Path) -> None:
    """All keys are taken over; numbers that name columns are texts, a single text is a list of one."""
    made = mapped(tmp_path, FULL)
    assert (made.tz, made.good, made.silos, made.journeys, made.window, made.ignore) == (
        "Europe/Berlin",
        ("resolved", "closed"),
        {"L1": "Service"},
        "linked",
        3.0,
        ("old.csv",),
    )
    options = made.options_for("a.csv")
    assert options.columns == {"case": "id", "team": "360021765432", "agent": ""}
    assert (options.tz, options.time_format, options.dayfirst, options.missing) == (
        "Asia/Tokyo",
        "%d.%m.%Y",
        True,
        ("keine", "0"),
    )
    assert made.kind_of("a.csv") == "eventlog" and made.options_for("b.csv").columns == {}


def test_a_source_may_have_a_zone_of_its_own(tmp_path: Path) -> None:
    """Without --tz a source's own zone counts before the one for all."""
    made = mapped(tmp_path, "tz: Europe/Berlin\nsources:\n  a.csv: {tz: Asia/Tokyo}\n")
    assert made.options_for("a.csv").tz == "Asia/Tokyo" and made.options_for("b.csv").tz == "Europe/Berlin"
    made = mapped(tmp_path, "sources:\n  a.csv: {tz: Asia/Tokyo}\n", tz="UTC")
    assert made.options_for("a.csv").tz == "UTC"


def test_what_is_given_directly_stands(tmp_path: Path) -> None:
    """Options of the command go before those of the file."""
    made = mapped(
        tmp_path,
        FULL,
        tz="UTC",
        good=("won",),
        journeys="case",
        window=1.0,
        columns={"case": "no"},
        silos={"L1": "Other"},
        missing=("-",),
    )
    assert (made.tz, made.good, made.journeys, made.window, made.silos) == (
        "UTC",
        ("won",),
        "case",
        1.0,
        {"L1": "Other"},
    )
    assert made.options_for("a.csv").columns["case"] == "no" and made.options_for("a.csv").missing == (
        "-",
        "keine",
        "0",
    )


@pytest.mark.parametrize("text", ["", "# nothing\n", "sources:\n", "sources: {}\n", "\ufefftz: UTC\n"])
def test_an_empty_mapping_says_nothing(tmp_path: Path, text: str) -> None:
    """Empty files and empty keys are no problem, nor is a byte order mark."""
    assert mapped(tmp_path, text).options_for("a.csv").columns == {}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("- a\n- b\n", 1, "keys and values"),
        ("just text\n", 1, "keys and values"),
        ("tz: [\n", 2, "not valid YAML"),
        ("a: b: c\n", 1, "not valid YAML"),
        ("tz: Mars\n", 1, "unknown time zone 'Mars'"),
        ("\ntimezone: UTC\n", 2, "unknown key 'timezone'"),
        ("window: soon\n", 1, "number of days"),
        ("window: -1\n", 1, "number of days"),
        ("journeys: both\n", 1, "`case` or `linked`"),
        ("good: {a: b}\n", 1, "list of texts"),
        ("sources: [a.csv]\n", 1, "file names"),
        ("sources:\n  a.csv: 7\n", 2, "keys such as map"),
        ("sources:\n  a.csv:\n    mapp: {}\n", 3, "did you mean 'map'"),
        ("sources:\n  a.csv:\n    map:\n      tema: x\n", 4, "did you mean 'team'"),
        ("sources:\n  a.csv:\n    map: [x]\n", 3, "KEY: COLUMN"),
        ("sources:\n  a.csv:\n    dayfirst: maybe\n", 3, "true or false"),
        ("sources:\n  a.csv:\n    tz: Nowhere\n", 3, "unknown time zone"),
        ("sources:\n  a.csv:\n    map: {case: [a, b]}\n", 3, "a single text"),
        ("!!python/object/apply:os.system ['true']\n", 1, "not valid YAML"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    """Every mistake in a mapping names the file, the line and what is wanted."""
    with pytest.raises(InputError) as error:
        mapped(tmp_path, text)
    (problem,) = error.value.problems
    assert said in str(problem)
    assert problem.line == line and str(problem.file).endswith("mapping.yaml")


def test_all_mistakes_of_a_mapping_come_at_once(tmp_path: Path) -> None:
    """Three mistakes in three places are three problems of one error."""
    with pytest.raises(InputError) as error:
        mapped(tmp_path, "tzz: UTC\nwindow: x\nsources:\n  a.csv: {colums: {}}\n")
    assert [p.line for p in error.value.problems] == [1, 2, 4]


def test_a_mapping_that_is_no_text_or_not_there_is_said(tmp_path: Path) -> None:
    """Binary and missing files are errors that name the file."""
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    for name in ("binary.yaml", "none.yaml"):
        with pytest.raises(InputError, match=name):
            with_mapping_file(Settings(), tmp_path / name)


@pytest.mark.parametrize(
    "text",
    [
        "team,silo\nL1,Service\n",
        "\ufeffSilo;Team;x\nService;L1;y\n",
        "TEAM\tSILO\n L1 \tService\n\n",
        "team,silo\nL1,Service\nL1,Service\nL2,\n",
    ],
)
def test_silos_are_read_from_any_small_table(tmp_path: Path, text: str) -> None:
    """Order, case, delimiter and further columns do not matter; rows without a silo say nothing."""
    path = tmp_path / "teams.csv"
    path.write_text(text, encoding="utf-8")
    assert read_silos(path) == {"L1": "Service"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("group,silo\nL1,x\n", "needs the columns team and silo"),
        ("", "needs the columns"),
        ("team,silo\nL1,A\nL1,B\n", r"teams\.csv:3: the team 'L1' is in 'A' and in 'B'"),
        ("team,silo\nL1\n", ""),
    ],
)
def test_what_is_wrong_with_the_silos_is_said(tmp_path: Path, text: str, said: str) -> None:
    """Missing columns and a team in two silos are errors; a short row says nothing."""
    path = tmp_path / "teams.csv"
    path.write_text(text)
    if said:
        with pytest.raises(InputError, match=said):
            read_silos(path)
    else:
        assert read_silos(path) == {}


def test_tiers_are_whole_numbers(tmp_path: Path) -> None:
    """Teams and their tiers are read from the same kind of table; all that is wrong is said at once, with lines."""
    path = tmp_path / "teams.csv"
    path.write_text("team;silo;tier\nL1;Service;1\nL2;Service;2\nL3;Service;\n")
    assert read_tiers(path) == {"L1": 1, "L2": 2}
    path.write_text("team,tier\nL1,1\nL1,2\nL2,x\nL3,-1\n")
    with pytest.raises(InputError) as error:
        read_tiers(path)
    assert [problem.line for problem in error.value.problems] == [3, 4, 5]
