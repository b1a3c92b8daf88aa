"""The published log of a bank's call centre."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.calls import bank_calls
from tests.readers.reading import FIXTURES, read, write

EXAMPLE = FIXTURES / "bank_calls" / "calls.txt"
SECOND = 1_000_000
MIDNIGHT = 917_740_800  # of 31 January 1999, UTC


def spans(call: str) -> list[tuple[str, int, int]]:
    """Steps of a call: what, seconds after midnight of the entry's date, seconds it took."""
    return [
        (e["event_type"], e["started_us"] // SECOND - MIDNIGHT, (e["ended_us"] - e["started_us"]) // SECOND)
        for e in read(bank_calls, EXAMPLE).events
        if e["interaction_id"].endswith(call)
    ]


def test_the_example() -> None:
    """Five calls; who hangs up in the queue has abandoned; NO_SERVER and customer 0 are nobody."""
    found = read(bank_calls, EXAMPLE)
    assert len(found.interactions) == 5 and not found.rejects and found.reports[0].rows == 5
    assert [e["interaction_id"] for e in found.of_type("abandoned")] == ["bank:990131/AA0101/70001"]
    assert {e["agent"] for e in found.events} == {None, "ADA", "BO", "CY"}
    customers = [row["customer"] for row in found.interactions.values()]
    assert customers == ["5550001", None, "5550002", None, "19"]
    assert json.loads(found.interactions["bank:990131/AA0102/70003"]["declared"]) == {
        "vru_time": 15,
        "q_time": 45,
        "ser_time": 300,
    }


def test_midnight() -> None:
    """What is earlier than the step before lies on the next day; 0:00:00 is midnight where time was spent."""
    late, day = 86_370, 86_400
    assert spans("70003") == [
        ("started", late, 0),
        ("ivr_enter", late, 15),
        ("queue_enter", late + 15, 45),
        ("agent_connected", day + 31, 300),
        ("ended", day + 331, 0),
    ]
    assert spans("70005")[2:4] == [("queue_enter", day, 20), ("agent_connected", day + 20, 40)]
    assert [kind for kind, *_ in spans("70004")] == ["started", "ivr_enter", "ended"]


def test_zeros_at_noon_are_no_midnight(tmp_path: Path) -> None:
    """0:00:00 far from midnight is a time that is not known; what the lengths say stands in for it."""
    head, first, *_ = EXAMPLE.read_text().splitlines()
    rows = [first.replace("\t10:00:36\t10:03:09", "\t0:00:00\t10:03:09"), first.replace("10:03:09", "0:00:00")]
    found = read(bank_calls, write(tmp_path, "\n".join([head, *rows]), "x.txt"))
    queues = [
        (e["started_us"] // SECOND - MIDNIGHT, (e["ended_us"] - e["started_us"]) // SECOND)
        for e in found.of_type("queue_enter")
    ]
    assert queues == [(36_036, 153), (36_036, 153)]


def test_service_that_nobody_gave(tmp_path: Path) -> None:
    """Who hung up, and a virtual call, talked to nobody; who was answered at an unknown time did, for a point."""
    head = EXAMPLE.read_text().splitlines()[0]
    rows = [
        "AA0101\t1\t0\t0\tPS\t990131\t10:00:00\t10:00:10\t10\t10:00:10\t10:00:40\t30\tHANG\t10:00:40\t10:00:46\t6"
        "\tNO_SERVER",
        "AA0101\t2\t0\t0\tPS\t990131\t11:00:00\t11:00:10\t10\t11:00:10\t11:00:40\t30\tAGENT\t0:00:00\t0:00:00\t0\tADA",
    ]
    rows.append(rows[0].replace("\t1\t", "\t3\t", 1).replace("HANG", "PHANTOM"))
    found = read(bank_calls, write(tmp_path, "\n".join([head, *rows]), "x.txt"))
    (talk,) = found.of_type("agent_connected")
    assert (talk["agent"], talk["started_us"] // SECOND - MIDNIGHT) == ("ADA", 39_640)
    assert talk["ended_us"] in (None, talk["started_us"]) and len(found.of_type("abandoned")) == 1
    unknown = found.note("unknown")
    assert unknown and unknown.count == 1


def test_service_before_the_queue_ends(tmp_path: Path) -> None:
    """A service that begins a second before its queue, or that the caller hung up in, was an answer; none was not."""
    head = EXAMPLE.read_text().splitlines()[0]
    rows = [
        "AA0101\t1\t0\t0\tPS\t990131\t10:00:00\t10:00:10\t10\t10:00:10\t10:00:10\t0\tAGENT\t10:00:09\t10:01:00"
        "\t51\tADA",
        "AA0101\t2\t0\t0\tPS\t990131\t11:00:00\t11:00:10\t10\t11:00:10\t11:00:40\t30\tHANG\t11:00:39"
        "\t11:01:00\t21\tADA",
        "AA0101\t3\t0\t0\tPS\t990131\t12:00:00\t12:00:10\t10\t12:00:10\t12:00:40\t30\tHANG"
        "\t0:00:00\t0:00:00\t0\tNO_SERVER",
    ]
    found = read(bank_calls, write(tmp_path, "\n".join([head, *rows]), "x.txt"))
    assert [e["interaction_id"][-1] for e in found.of_type("abandoned")] == ["3"]
    queued = {e["interaction_id"]: e["started_us"] for e in found.of_type("queue_enter")}
    talks = found.of_type("agent_connected")
    assert len(talks) == 2 and all(queued[e["interaction_id"]] <= e["started_us"] for e in talks)


def test_columns_parted_by_spaces(tmp_path: Path) -> None:
    """Where spaces part the columns, one or several, the log is read alike."""
    cells = [line.split("\t") for line in EXAMPLE.read_text().splitlines()]
    for text in ([" ".join(row) for row in cells], ["".join(cell.ljust(12) for cell in row) for row in cells]):
        path = write(tmp_path, "\n".join(text), EXAMPLE.name)
        assert read(bank_calls, path).events == read(bank_calls, EXAMPLE).events


def test_zone_and_other_forms(tmp_path: Path) -> None:
    """CSV with ISO dates and other names of the first column; a declared zone is used, none is said to be assumed."""
    text = EXAMPLE.read_text().replace("\t", ",").replace("vru+line", "vru.line").replace(",990131,", ",1999-01-31,")
    path = write(tmp_path, text, "x.csv")
    berlin, assumed = read(bank_calls, path, tz="Europe/Berlin"), read(bank_calls, path)
    assert assumed.events[0]["started_us"] - berlin.events[0]["started_us"] == 3_600 * SECOND
    assert assumed.note("assumed") and not berlin.note("assumed")


def test_mapped_columns() -> None:
    """The service can be mapped to team or intent."""
    found = read(bank_calls, EXAMPLE, columns={"team": "type", "intent": "type"})
    assert found.visits() == ["NW", "IN", "PS"] and "NW" in found.column("intent")


def test_bad_rows(tmp_path: Path) -> None:
    """Rows without date, call or time of entry are rejected; an end before its start is a point, and counted."""
    head, first, *_ = EXAMPLE.read_text().splitlines()
    rows = [
        first.replace("990131", "99"),
        first.replace("70001", ""),
        first.replace("10:00:31", "25:00:00"),
        first.replace("10:03:09", "10:00:30"),
        first.replace("HANG", "GHOST"),
    ]
    found = read(bank_calls, write(tmp_path, "\n".join([head, *rows]), "x.txt"))
    assert [(r["line"], r["column"]) for r in found.rejects] == [(2, "date"), (3, "call_id"), (4, "vru_entry")]
    assert found.note("negative") and found.note("unknown values")
    with pytest.raises(InputError, match="no row"):
        read(bank_calls, write(tmp_path, "\n".join([head, *rows[:3]]), "y.txt"))


def test_sniff(tmp_path: Path) -> None:
    """The log is recognised by its columns, another table is not."""
    assert bank_calls.sniff(SourceFile("x.txt", EXAMPLE))
    assert not bank_calls.sniff(SourceFile("x.csv", write(tmp_path, "call_id,date,outcome\n1,2,3\n", "x.csv")))
