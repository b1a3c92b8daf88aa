"""Asterisk call detail records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.calls import asterisk_cdr
from tests.readers.reading import FIXTURES, Reading, read, write

EXAMPLE = FIXTURES / "asterisk_cdr" / "Master.csv"
TABLE = FIXTURES / "asterisk_cdr" / "cdr_table.csv"
LINES = EXAMPLE.read_text().splitlines()
BERLIN = "Europe/Berlin"


def people(found: Reading, call: str) -> list[str]:
    """Whose a call was, one after the other."""
    names = [e["agent"] for e in found.events if e["interaction_id"] == f"asterisk:{call}" and e["agent"]]
    return [name for i, name in enumerate(names) if names[i - 1 : i] != [name]]


def test_the_example() -> None:
    """Rows of one linkedid are one call; the trunk is nobody, and who is only asked takes nothing over."""
    found = read(asterisk_cdr, EXAMPLE, tz=BERLIN)
    assert people(found, "1772442000.10") == ["PJSIP/2001", "PJSIP/3001"]
    assert [(e["actor"], e["handoff_kind"]) for e in found.of_type("agent_no_answer")] == [
        ("PJSIP/2002", "requeue_no_answer")
    ]
    assert [(e["actor"], e["agent"]) for e in found.of_type("consult_start")] == [("PJSIP/3001", None)]
    assert [e["interaction_id"] for e in found.of_type("abandoned")] == ["asterisk:1772445600.15"]
    assert people(found, "1772449200.16") == ["PJSIP/2002"] and people(found, "1772452800.18") == ["PJSIP/2001"]
    assert [row["customer"] for row in found.interactions.values()] == ["+4930123456", None, "+493077788", None]
    assert "voip" not in json.dumps(found.events) and not found.rejects
    assert found.events[0]["started_us"] == 1772442000_000_000


def test_declared_sums() -> None:
    """Seconds and rows as the records say them, also of those that were not answered."""
    found = read(asterisk_cdr, EXAMPLE, tz=BERLIN).interactions["asterisk:1772442000.10"]
    assert json.loads(found["declared"]) == {"duration": 675, "billsec": 666, "rows": 4}


def test_a_table_with_a_header() -> None:
    """Columns in any order; ends follow from durations; a mapped column gives the team; Local channels are nobody."""
    found = read(asterisk_cdr, TABLE, tz=BERLIN, columns={"team": "team_name"})
    assert people(found, "1772442000.10") == ["SIP/2001"] and found.visits() == ["Front"]
    assert {e["ended_us"] for e in found.of_type("agent_connected")} == {1772442100_000_000}


def test_local_time_needs_a_zone() -> None:
    """The records say no zone: without one they are refused, with the option that settles it."""
    with pytest.raises(InputError, match="--tz"):
        read(asterisk_cdr, EXAMPLE)


def test_an_older_system_without_linkedid(tmp_path: Path) -> None:
    """16 columns, no ids of calls: rows of one channel are a call; who is asked and stays has taken over."""
    rows = [LINES[0], LINES[2].replace('"2026-03-02 10:05:00",120', '"2026-03-02 10:09:00",360')]
    cut = [row.replace("1772442180.13", "1772442000.10").rsplit(',"","","', 1)[0] for row in rows]
    assert people(read(asterisk_cdr, write(tmp_path, "\n".join(cut), "m.csv"), tz=BERLIN), "1772442000.10") == [
        "PJSIP/2001",
        "PJSIP/3001",
    ]


def test_the_order_of_the_custom_file(tmp_path: Path) -> None:
    """Asterisk's example for cdr_custom writes a Master.csv in another order, which its dispositions tell."""
    rows = [
        '""" <2002>","2002","2001","default","PJSIP/2002-00000002","PJSIP/2001-00000003","Dial","PJSIP/2001",'
        '"2026-03-02 10:00:00","2026-03-02 10:00:05","2026-03-02 10:00:20","20","15","ANSWERED","DOCUMENTATION",'
        '"","1772442000.2","",2',
        '""" <2002>","2002","2001","default","PJSIP/2002-00000004","PJSIP/2001-00000005","Dial","PJSIP/2001",'
        '"2026-03-02 11:00:00","","2026-03-02 11:00:30","30","0","NO ANSWER","DOCUMENTATION","","1772445600.4","",4',
    ]  # noqa: E501
    path = write(tmp_path, rows, "Master.csv")
    assert asterisk_cdr.sniff(SourceFile("Master.csv", path))
    found = read(asterisk_cdr, path, tz=BERLIN)
    assert list(found.interactions) == ["asterisk:1772442000.2", "asterisk:1772445600.4"]
    (talk,) = found.of_type("agent_connected")
    assert (talk["ended_us"] - talk["started_us"], talk["agent"]) == (15_000_000, "PJSIP/2002")


def test_members_behind_local_channels(tmp_path: Path) -> None:
    """A queue's own row goes on to the end of the call; the wait ends when a member answers, in a row of theirs."""
    head = "calldate,src,dst,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,uniqueid,linkedid"
    rows = [
        "2026-03-02 10:00:00,4930123456,400,PJSIP/acme-01,Local/2001@from-queue-01;1,Queue,400,99,99,ANSWERED,1,1",
        "2026-03-02 10:00:00,4930123456,400,PJSIP/acme-01,Local/2002@from-queue-02;1,Queue,400,9,9,NO ANSWER,1,1",
        "2026-03-02 10:00:15,4930123456,2001,Local/2001@from-queue-01;2,PJSIP/2001-02,Dial,x,110,105,ANSWERED,5,1",
        "2026-03-02 10:02:05,4930123456,3001,PJSIP/acme-01,PJSIP/3001-04,Dial,x,65,60,ANSWERED,1,1",
    ]
    found = read(asterisk_cdr, write(tmp_path, [head, *rows], "x.csv"), tz="UTC")
    waits = [(e["ended_us"] - e["started_us"]) // 1_000_000 for e in found.of_type("queue_enter")]
    assert waits == [20] and people(found, "1") == ["PJSIP/2001", "PJSIP/3001"] and not found.of_type("abandoned")


def test_a_trunk_that_is_called_like_an_extension(tmp_path: Path) -> None:
    """Whoever outside numbers come and go through is a trunk, whatever its name; who calls by that name is a person."""
    head = "calldate,src,dst,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,uniqueid,linkedid"
    rows = [
        "2026-03-02 10:00:00,4930123456,211553,SIP/211553-01,SIP/101-02,Dial,x,625,617,ANSWERED,1,1",
        "2026-03-02 11:00:00,101,4930123456,SIP/101-03,SIP/211553-04,Dial,x,70,60,ANSWERED,3,3",
    ]
    found = read(asterisk_cdr, write(tmp_path, [head, *rows], "x.csv"), tz="UTC")
    assert people(found, "1") == people(found, "3") == ["SIP/101"]
    assert [(e["ended_us"] - e["started_us"]) // 1_000_000 for e in found.of_type("agent_connected")] == [617, 60]
    assert [row["customer"] for row in found.interactions.values()] == ["4930123456"] * 2
    # So does one whose callers are several, when they call a number from outside.
    rows = [
        f"2026-03-02 1{n}:00:00,493012345{n},4930555555,SIP/211553-1{n},SIP/101-2{n},Dial,x,70,60,ANSWERED,{n},{n}"
        for n in range(4)
    ]
    found = read(asterisk_cdr, write(tmp_path, [head, *rows], "x.csv"), tz="UTC")
    assert people(found, "0") == ["SIP/101"]
    # An extension that calls under an outside number carries nobody, and two extensions are colleagues.
    rows = [
        "2026-03-02 10:00:00,4930999999,4930123456,SIP/211553-01,SIP/acme-02,Dial,x,70,60,ANSWERED,1,1",
        "2026-03-02 11:00:00,211553,101,SIP/211553-03,SIP/101-04,Dial,x,70,60,ANSWERED,3,3",
    ]
    found = read(asterisk_cdr, write(tmp_path, [head, *rows], "x.csv"), tz="UTC")
    assert people(found, "1") == people(found, "3") == ["SIP/211553"]


def test_odd_rows(tmp_path: Path) -> None:
    """Rows of another width or without a start are rejected; zeros are no time; unknown words are counted."""
    text = (
        TABLE.read_text()
        + ",,,,,,,,,,,,,,,,,,,\n1,2\n"
        + TABLE.read_text().splitlines()[1].replace("ANSWERED", "EVAPORATED")
        + "\n"
    )
    found = read(asterisk_cdr, write(tmp_path, text, "x.csv"), tz="UTC")
    assert [reject["line"] for reject in found.rejects] == [4, 5] and found.note("unknown values")


def test_files_that_overlap(tmp_path: Path) -> None:
    """Rows that two files share are read once."""
    paths = [write(tmp_path, "\n".join(lines), f"{n}.csv") for n, lines in enumerate((LINES[:4], LINES[2:]))]
    whole = len(read(asterisk_cdr, EXAMPLE, tz=BERLIN).events)
    assert len(read(asterisk_cdr, *paths, tz=BERLIN).events) == whole


def test_sniff(tmp_path: Path) -> None:
    """Master.csv is recognised without a header, tables by their columns, other tables not."""
    assert asterisk_cdr.sniff(SourceFile("Master.csv", EXAMPLE)) and asterisk_cdr.sniff(SourceFile("x.csv", TABLE))
    assert not asterisk_cdr.sniff(SourceFile("x.csv", FIXTURES / "servicenow_audit" / "audit.csv"))
    assert not asterisk_cdr.sniff(SourceFile("x.csv", write(tmp_path, ",".join("1" * 18) + "\n", "x.csv")))
