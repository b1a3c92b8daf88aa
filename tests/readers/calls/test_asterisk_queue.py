"""Asterisk's queue_log."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.calls import asterisk_queue
from tests.readers.reading import FIXTURES, read, write

EXAMPLE = FIXTURES / "asterisk_queue_log" / "queue_log"
TABLE = FIXTURES / "asterisk_queue_log" / "table.csv"
LINES = EXAMPLE.read_text().splitlines()
SECOND = 1_000_000


def test_the_example() -> None:
    """Four calls: a blind transfer, an abandoned one, one passed on out of sight, one that waited too long."""
    found = read(asterisk_queue, EXAMPLE)
    assert [(e["interaction_id"], e["handoff_kind"], e["agent"]) for e in found.of_type("handoff")] == [
        ("asterisk:1772442000.101", "blind", "PJSIP/2002"),
        ("asterisk:1772443000.130", "consult", "PJSIP/2001"),
    ]
    waits = [(e["ended_us"] - e["started_us"]) // SECOND for e in found.of_type("queue_enter")]
    assert waits == [42, 120, 75, 10, 60]
    (rung,) = found.of_type("agent_no_answer")
    assert (rung["ended_us"] - rung["started_us"], rung["handoff_kind"]) == (15 * SECOND, "requeue_no_answer")
    assert [e["outcome"] for e in found.of_type("abandoned")] == ["abandoned"] and len(found.of_type("queue_exit")) == 1
    first = [e["team"] for e in found.of_type("agent_connected") if e["interaction_id"].endswith(".101")]
    assert first == ["support", "tier2"]
    assert [reject["line"] for reject in found.rejects] == [18]
    left, unseen = found.note("left out"), found.note("unknown")
    assert left and left.count == 3 and unseen and unseen.count == 1
    assert found.reports[0].rows == 18 and found.reports[0].events == len(found.events)


def test_the_vendor_example() -> None:
    """Two calls: one blind transfer, support to tier2; one abandoned after 75 s."""
    found = read(asterisk_queue, EXAMPLE.with_name("example.txt"))
    assert len(found.interactions) == 2 and found.visits() == ["support", "tier2"] and not found.rejects
    assert [(e["team"], e["handoff_kind"]) for e in found.of_type("handoff")] == [("support", "blind")]
    (lost,) = found.of_type("abandoned")
    waits = [e for e in found.of_type("queue_enter") if e["interaction_id"] == lost["interaction_id"]]
    assert [lost["started_us"] - e["started_us"] for e in waits] == [75 * SECOND]


def test_who_and_how_much() -> None:
    """The caller's number is the customer; a withheld one is nobody; declared seconds are kept."""
    rows = read(asterisk_queue, EXAMPLE).interactions
    assert [row["customer"] for row in rows.values()] == ["4930123456", None, "4930777888", "4930555666"]
    assert json.loads(rows["asterisk:1772442000.101"]["declared"]) == {"calltime": 670, "holdtime": 162}
    assert json.loads(rows["asterisk:1772443000.130"]["declared"]) == {"calltime": 100, "holdtime": 10}


def test_lines_in_any_order(tmp_path: Path) -> None:
    """Lines are ordered by their time; rotated files that overlap are read once."""
    whole = [(e["started_us"], e["activity"]) for e in read(asterisk_queue, EXAMPLE).events]
    parts = [write(tmp_path, "\n".join(lines), str(n)) for n, lines in enumerate((LINES[8:], LINES[:12]))]
    assert [(e["started_us"], e["activity"]) for e in read(asterisk_queue, *parts).events] == whole


def test_the_table() -> None:
    """Rows of the realtime table are read alike; their local time needs a zone."""
    with pytest.raises(InputError, match="without a zone"):
        read(asterisk_queue, TABLE)
    found = read(asterisk_queue, TABLE, tz="Europe/Berlin")
    assert [e["event_type"] for e in found.events] == ["started", "queue_enter", "agent_connected", "ended"]
    assert found.events[0]["started_us"] == 1772442000_101_000 and found.visits() == ["support"]


def test_dates_in_the_text(tmp_path: Path) -> None:
    """A log that was written with dates is in the server's local time, and said to be."""
    said = (
        "00:00|a|q|NONE|ENTERQUEUE||4930111222|1",
        "00:05|a|q|SIP/1|CONNECT|5|x|2",
        "01:05|a|q|SIP/1|COMPLETECALLER|5|60|1",
    )
    lines = [f"2026-03-02 10:{line}" for line in said]
    found = read(asterisk_queue, write(tmp_path, lines), tz="Europe/Berlin")
    assert found.reports[0].time == "date and time, zone Europe/Berlin" and found.visits() == ["q"]
    assert found.events[0]["started_us"] == 1772442000 * SECOND
    with pytest.raises(InputError, match="--tz"):
        read(asterisk_queue, write(tmp_path, lines))


def test_transfers_before_asterisk_12(tmp_path: Path) -> None:
    """TRANSFER says that, not how; a call without an end or a beginning in the log is said to be so."""
    lines = [
        "1772442042|c|q|SIP/1|CONNECT|4|x",
        "1772442050|c|q|SIP/1|TRANSFER|700|queues|4|8|1",
        "1772442060|c|q|SIP/2|CONNECT|4|x",
        "1772442061|d|q|SIP/2|MADEUP|1",
    ]
    found = read(asterisk_queue, write(tmp_path, "\n".join(lines)))
    assert [e["handoff_kind"] for e in found.of_type("handoff")] == [None]
    assert {note.kind for note in found.notes} == {"truncated", "open", "unknown values"}


ASKED = [
    "1717397259|a.826|1501|NONE|ENTERQUEUE||4930396745|1",
    "1717397271|a.826|1501|PJSIP/7009|CONNECT|12|a.827|11",
    "1717397390|b.830|1509|NONE|ENTERQUEUE||7009|1",
    "1717397391|b.830|1501|PJSIP/7009|ATTENDEDTRANSFER|APP|Queue|12|120|1",
    "1717397397|a.826|1509|PJSIP/7051|CONNECT|7|b.831|6",
    "1717397570|a.826|1509|PJSIP/7051|COMPLETEAGENT|7|173|1",
]


@pytest.mark.parametrize("lines", [ASKED, [line for line in ASKED if "ATTENDED" not in line]])
def test_a_member_asks_another_queue(tmp_path: Path, lines: list[str]) -> None:
    """The call to ask has an id of its own, and the caller takes its place: one call, also where the table loses
    the transfer."""
    found = read(asterisk_queue, write(tmp_path, lines))
    assert list(found.interactions) == ["asterisk:a.826"] and found.visits() == ["1501", "1509"]
    talks = [(e["ended_us"] - e["started_us"]) // SECOND for e in found.of_type("agent_connected")]
    waits = [(e["ended_us"] - e["started_us"]) // SECOND for e in found.of_type("queue_enter")]
    assert talks == [120 if len(lines) == len(ASKED) else 119, 173] and waits == [12, 7]
    assert len(found.of_type("handoff")) == len(lines) - 5 and not found.notes


def test_calls_of_one_second_stay_apart(tmp_path: Path) -> None:
    """Who waits in the queue since the same second as another is not taken for a part of a call."""
    other = ASKED[2].replace("b.830", "c.1").replace("7009", "4930555111")
    found = read(asterisk_queue, write(tmp_path, [*ASKED[:3], other, *ASKED[4:]]))
    assert set(found.interactions) == {"asterisk:a.826", "asterisk:b.830", "asterisk:c.1"}


def test_bad_files(tmp_path: Path) -> None:
    """A file without a usable line is an error that says why."""
    with pytest.raises(InputError, match="could be used"):
        read(asterisk_queue, write(tmp_path, "once\nupon|a|time\n"))
    with pytest.raises(InputError, match="no column"):
        read(asterisk_queue, write(tmp_path, TABLE.read_text().replace("queuename", "q"), "x.csv"), tz="UTC")


def test_sniff(tmp_path: Path) -> None:
    """The text and the table are recognised, other text with pipes is not."""
    assert asterisk_queue.sniff(SourceFile("queue_log", EXAMPLE))
    assert asterisk_queue.sniff(SourceFile("x.csv", TABLE))
    assert not asterisk_queue.sniff(SourceFile("x", write(tmp_path, "1772524800|4711|Night Watch|Ana|picked up\n")))
    packed = tmp_path / "queue_log.gz"
    packed.write_bytes(gzip.compress(EXAMPLE.read_bytes()))
    assert not asterisk_queue.sniff(SourceFile("x", packed))  # archives are unpacked before
