"""XES logs: times, trace attributes, and files that are not safe or not whole."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from miner.errors import InputError
from tests.readers.tabular.looking import ends, look, starts

OPEN = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0" xmlns="http://www.xes-standard.org/">\n'


def event(name: str, time: str, more: str = "") -> str:
    """An event as XES."""
    return (
        f'<event><string key="concept:name" value="{name}"/><date key="time:timestamp" value="{time}"/>{more}</event>\n'
    )


def log(*events: str, trace: str = '<string key="concept:name" value="C1"/>') -> str:
    """A log with one trace as XES."""
    return OPEN + f"<trace>{trace}\n" + "".join(events) + "</trace>\n</log>\n"


TWO = (
    event("Opened", "2026-01-02T10:00:00.000+01:00", '<string key="org:group" value="L1"/>'),
    event("Closed", "2026-01-02T11:30:00.250Z", '<string key="org:resource" value="Ann"/>'),
)


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz", "export.xml", "noname"])
def test_a_log_is_read_plain_and_packed_under_any_name(tmp_path: Path, name: str) -> None:
    """Columns are the XES keys; a lone timestamp is a point in UTC."""
    text = log(*TWO).encode()
    found = look(tmp_path, gzip.compress(text) if name.endswith("gz") else text, name)
    assert found.column("interaction_id") == ["C1", "C1"]
    assert found.column("activity") == ["Opened", "Closed"]
    assert found.column("team") == ["L1", None] and found.column("agent") == [None, "Ann"]
    assert starts(found) == ends(found) == ["2026-01-02T09:00:00", "2026-01-02T11:30:00.250000"]
    assert found.reports[0].columns["case"] == "case:concept:name"


def test_with_a_start_the_timestamp_is_the_end(tmp_path: Path) -> None:
    """`start_timestamp` beside `time:timestamp` makes an interval."""
    found = look(
        tmp_path,
        log(event("Worked", "2026-01-02T11:00:00Z", '<date key="start_timestamp" value="2026-01-02T10:00:00Z"/>')),
        "log.xes",
    )
    assert (starts(found), ends(found)) == (["2026-01-02T10:00:00"], ["2026-01-02T11:00:00"])


def test_trace_attributes_are_columns_with_a_prefix(tmp_path: Path) -> None:
    """What a trace says of itself is `case:…` and can be mapped."""
    trace = '<string key="concept:name" value="C1"/><string key="customer" value="Z9"/><float key="cost" value="12.5"/>'
    found = look(
        tmp_path, log(*TWO, trace=trace), "log.xes", columns={"customer": "case:customer", "value": "case:cost"}
    )
    assert found.column("customer") == ["Z9", "Z9"] and found.column("value") == [12.5, 12.5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_the_letters_of_other_encodings_stay(tmp_path: Path, encoding: str) -> None:
    """A log in UTF-16 or Latin-1 keeps its letters, whatever its first line says."""
    text = log(event("Geöffnet für Ann", "2026-01-02T10:00:00Z")).replace("UTF-8", encoding.upper())
    assert look(tmp_path, text.encode(encoding), "log.xes").column("activity") == ["Geöffnet für Ann"]


def test_entities_of_xml_itself_are_letters(tmp_path: Path) -> None:
    """`&amp;` and numbered characters are read as what they stand for."""
    assert look(tmp_path, log(event("A &amp; B &lt;C&gt; &#228;", "2026-01-02T10:00:00Z")), "log.xes").column(
        "activity"
    ) == ["A & B <C> ä"]


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        "<!DOCTYPE log>",
        '<!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>',
        "<!-- " + "x" * 300_000 + " -->\n<!DOCTYPE log>",
    ],
)
def test_document_types_and_entities_are_refused(tmp_path: Path, declared: str) -> None:
    """A log that declares entities is refused with the line, even far down, and nothing is expanded."""
    text = log(*TWO).replace("<log ", declared + "\n<log ")
    with pytest.raises(InputError, match=r"log\.xes:\d: declares a document type or entities"):
        look(tmp_path, text, "log.xes")


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_a_truncated_log_is_an_error(tmp_path: Path, cut: float) -> None:
    """A file that ends before </log> is refused, not read in part."""
    text = log(*TWO)
    with pytest.raises(InputError, match=r"log\.xes: the file ends before </log>"):
        look(tmp_path, text[: int(len(text) * cut)], "log.xes")


@pytest.mark.parametrize(
    "text",
    [
        log(),
        OPEN + "</log>",
        log("<event/>"),
        OPEN + "<trace><event></log>",
        log(event("x", "soon")),
    ],
)
def test_a_log_without_usable_events_is_an_error(tmp_path: Path, text: str) -> None:
    """Empty logs, broken XML and times that are none are errors that name the file."""
    with pytest.raises(InputError, match=r"log\.xes"):
        look(tmp_path, text, "log.xes")


def test_an_event_without_a_time_is_rejected(tmp_path: Path) -> None:
    """One event without a timestamp goes to the rejects with its number in the file."""
    found = look(tmp_path, log(*TWO, '<event><string key="concept:name" value="Lost"/></event>'), "log.xes")
    assert len(found.events) == 2
    assert [(r["line"], r["reason"]) for r in found.rejects] == [(3, "no time")]


def test_keys_that_differ_only_in_case_do_no_harm(tmp_path: Path) -> None:
    """`Team` beside `team` does not break the reading."""
    more = '<string key="Team" value="X"/><string key="team" value="Y"/><string key="line of the row" value="3"/>'
    found = look(tmp_path, log(event("Opened", "2026-01-02T10:00:00Z", more)), "log.xes", columns={"team": "Team"})
    assert found.column("activity") == ["Opened"] and found.column("team")[0] in ("X", "Y")


def moved(name: str, minute: int, transition: str, who: str = "Ann", more: str = "") -> str:
    """An event of a life cycle."""
    keys = f'<string key="org:resource" value="{who}"/><string key="lifecycle:transition" value="{transition}"/>'
    return event(name, f"2026-01-02T10:{minute:02}:00Z", keys + more)


LIVES = (
    moved("Check", 0, "start"),
    moved("Check", 1, "start", "Bob"),
    moved("Check", 5, "complete", "Bob"),
    moved("Call", 6, "complete"),
    moved("Check", 7, "COMPLETE"),
    moved("Check", 8, "suspend"),
    moved("Check", 9, "start"),
)


def test_starts_and_completes_stay_steps_of_their_own(tmp_path: Path) -> None:
    """By itself nothing is paired, and a note says how it would be."""
    found = look(tmp_path, log(*LIVES), "log.xes")
    assert len(found.column("activity")) == 7 and starts(found) == ends(found)
    assert any("--map start=lifecycle:transition" in note.message and note.count == 3 for note in found.notes)


def test_starts_and_completes_are_paired_on_request(tmp_path: Path) -> None:
    """The first complete of the same case, activity and person ends a start; what has no partner is a point."""
    found = look(tmp_path, log(*LIVES), "log.xes", columns={"start": "lifecycle:transition"})
    spans = sorted(zip(found.column("activity"), found.column("agent"), starts(found), ends(found), strict=True))
    assert [(what, who, begin[14:16], end[14:16]) for what, who, begin, end in spans] == [
        ("Call", "Ann", "06", "06"),
        ("Check", "Ann", "00", "07"),
        ("Check", "Ann", "08", "08"),
        ("Check", "Ann", "09", "09"),
        ("Check", "Bob", "01", "05"),
    ]
    assert {note.count for note in found.notes if note.kind == "lifecycle"} == {2}
    assert found.reports[0].columns["start"] == "lifecycle:transition"  # what to type to have it so again


def test_instances_decide_where_there_are_any(tmp_path: Path) -> None:
    """With concept:instance the same instance is paired, whoever completes it and in whatever order."""
    one, two = (f'<string key="concept:instance" value="{n}"/>' for n in (1, 2))
    lives = (
        moved("Check", 0, "start", "Ann", one),
        moved("Check", 1, "start", "Ann", two),
        moved("Check", 2, "complete", "Bob", two),
        moved("Check", 9, "complete", "Bob", one),
    )
    found = look(tmp_path, log(*lives), "log.xes", columns={"start": "lifecycle:transition"})
    assert sorted(zip(starts(found), ends(found), strict=True)) == [
        ("2026-01-02T10:00:00", "2026-01-02T10:09:00"),
        ("2026-01-02T10:01:00", "2026-01-02T10:02:00"),
    ]


def test_nothing_to_pair(tmp_path: Path) -> None:
    """A log without life cycles cannot be paired: the column is not there, and the error says which are."""
    with pytest.raises(InputError, match="no column 'lifecycle:transition'"):
        look(tmp_path, log(*TWO), "log.xes", columns={"start": "lifecycle:transition"})


def test_traces_without_a_name_are_cases_of_their_own(tmp_path: Path) -> None:
    """Two nameless traces beside a named one are three cases, and the nameless are counted."""
    names = ("", '<string key="concept:name" value="B"/>', "")
    more = "".join(f"<trace>{name}{''.join(TWO)}</trace>" for name in names)
    found = look(tmp_path, OPEN + more + "</log>", "log.xes")
    assert found.column("interaction_id") == ["trace 1"] * 2 + ["B"] * 2 + ["trace 3"] * 2
    assert [note.count for note in found.notes if note.kind == "nameless_traces"] == [2]


def test_a_log_of_named_traces_has_no_note_on_names(tmp_path: Path) -> None:
    """Where every trace has its name nothing is said of it."""
    assert not [note for note in look(tmp_path, log(*TWO), "log.xes").notes if note.kind == "nameless_traces"]


def test_defaults_of_globals_are_no_data(tmp_path: Path) -> None:
    """A default that <global> gives for a missing team or case stays out of the events."""
    defaults = (
        '<global scope="trace"><string key="concept:name" value="UNKNOWN"/></global>'
        '<global scope="event"><string key="org:group" value="UNKNOWN"/></global><global scope="event"/>'
    )
    text = log(*TWO).replace("<trace>", defaults + "<trace>", 1)
    found = look(tmp_path, text, "log.xes")
    assert found.column("team") == ["L1", None] and found.column("interaction_id") == ["C1", "C1"]


def test_dates_without_a_zone_follow_the_zone_that_is_said(tmp_path: Path) -> None:
    """A naive time is read in --tz, and without it as UTC with a note, as in any other table."""
    text = log(event("Opened", "2026-01-02T10:00:00.000"))
    assert starts(look(tmp_path, text, "log.xes", tz="Europe/Berlin")) == ["2026-01-02T09:00:00"]
    found = look(tmp_path, text, "log.xes")
    assert starts(found) == ["2026-01-02T10:00:00"] and "assumed_zone" in [note.kind for note in found.notes]


def test_values_of_mixed_types_stay_text(tmp_path: Path) -> None:
    """A key that is a number here and a string there is read as it is written, and what is missing stays missing."""
    found = look(
        tmp_path,
        log(
            event("A", "2026-01-02T10:00:00Z", '<int key="org:resource" value="007"/>'),
            event("B", "2026-01-02T11:00:00Z", '<string key="org:resource" value="ann"/>'),
            event("C", "2026-01-02T12:00:00Z", '<string key="org:resource" value="gone"/>'),
        ),
        "log.xes",
        missing=("gone",),
    )
    assert found.column("agent") == ["007", "ann", None]


def test_an_id_that_is_no_uuid_stays_what_it_was(tmp_path: Path) -> None:
    """Cases named by <id> keep their names and are not one case."""
    more = "".join(f'<trace><id key="concept:name" value="K-{n}"/>{TWO[0]}</trace>' for n in (1, 2))
    assert look(tmp_path, OPEN + more + "</log>", "log.xes").column("interaction_id") == ["K-1", "K-2"]


def test_a_date_that_is_none_is_rejected_with_its_text(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """NaT goes to the rejects with its text and reason, and the parser prints nothing."""
    found = look(tmp_path, log(*TWO, event("Lost", "NaT", '<int key="parts" value="nan"/>')), "log.xes")
    assert [(r["line"], r["value"], r["reason"]) for r in found.rejects] == [(3, "NaT", "not a time")]
    assert capfd.readouterr().err == ""


def test_nanoseconds_order_events_of_one_microsecond(tmp_path: Path) -> None:
    """Events out of order in the file are put in the order of their nanoseconds."""
    later, sooner = event("Second", "2026-01-02T10:00:00.000001900Z"), event("First", "2026-01-02T10:00:00.0000011Z")
    found = look(tmp_path, log(later, sooner), "log.xes")
    assert starts(found) == ["2026-01-02T10:00:00.000001"] * 2
    ordered = sorted(zip(found.column("sequence"), found.column("activity"), strict=True))
    assert ordered == [(100, "First"), (900, "Second")]


def test_deep_nesting_ends_in_an_error_and_not_in_a_crash(tmp_path: Path) -> None:
    """Lists inside lists fifty thousand deep stop the parser, and the file is named."""
    deep = '<list key="l"><values>' * 50_000 + "</values></list>" * 50_000
    with pytest.raises(InputError, match=r"log\.xes: this XES file cannot be read: its parser crashed"):
        look(tmp_path, log(event("A", "2026-01-02T10:00:00Z", deep)), "log.xes")
