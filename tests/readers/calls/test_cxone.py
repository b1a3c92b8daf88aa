"""NICE CXone completed contacts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.calls import cxone
from tests.readers.reading import FIXTURES, read, write

EXAMPLE = FIXTURES / "cxone" / "completed_contacts.csv"
SECOND = 1_000_000
ZONE = "America/New_York"


def test_the_example() -> None:
    """A transfer by the master contact, a consult that is none, an abandoned call, a chat."""
    found = read(cxone, EXAMPLE, tz=ZONE)
    assert found.visits() == ["Billing Desk", "Tech Desk", "Billing Desk"]  # the last is the chat, another contact
    assert [(e["interaction_id"], e["handoff_kind"], e["team"]) for e in found.of_type("handoff")] == [
        ("cxone:501", "blind", "Billing Desk")
    ]
    assert [(e["actor"], e["handoff_kind"], e["team"]) for e in found.of_type("consult_start")] == [
        ("Eve, F.", "consult_only", None)
    ]
    assert [(e["ended_us"] - e["started_us"]) // SECOND for e in found.of_type("queue_enter")] == [60, 100, 75, 5]
    assert next(e["hold_us"] for e in found.of_type("agent_connected")) == 15 * SECOND
    named = {(one, other) for one, other, _ in found.references}
    assert named == {("cxone:502", "cxone:501"), ("cxone:503", "cxone:502")}
    assert [e["interaction_id"] for e in found.of_type("abandoned")] == ["cxone:504"]
    rows = found.interactions
    assert rows["cxone:504"]["customer"] is None and rows["cxone:505"]["channel"] == "chat" and not found.rejects
    assert json.loads(rows["cxone:501"]["declared"])["Agent_Time"] == 200


def test_a_consult_that_takes_over(tmp_path: Path) -> None:
    """Who is asked and outlasts the first agent owns what follows."""
    text = EXAMPLE.read_text().replace("10:04:41,0,100,400", "10:03:00,0,0,400")
    found = read(cxone, write(tmp_path, text, "x.csv"), tz=ZONE)
    assert [e["handoff_kind"] for e in found.of_type("handoff")] == ["consult"]
    assert found.visits() == ["Billing Desk", "Tech Desk", "Billing Desk"]


def test_times(tmp_path: Path) -> None:
    """No zone is an error; where no date tells, the month comes first as the vendor writes it, and that is noted."""
    with pytest.raises(InputError, match="--tz"):
        read(cxone, EXAMPLE)
    text = EXAMPLE.read_text().replace("03/14/2026", "03/04/2026")
    path = write(tmp_path, text, "x.csv")
    month, day = read(cxone, path, tz="UTC"), read(cxone, path, tz="UTC", dayfirst=True)
    assert (day.events[0]["started_us"] - month.events[0]["started_us"]) // SECOND == 30 * 86_400
    assert sum("cannot be told apart" in note.message for note in month.notes) == 1 and not day.rejects


def test_missing_parts(tmp_path: Path) -> None:
    """A master that is not there is said; unknown media are counted; rows without start or id are rejected."""
    lines = EXAMPLE.read_text().replace("Chat,web", "Smoke,web").splitlines()
    rows = [lines[0], lines[2], lines[5], lines[1].replace("501,501", ","), lines[1].replace("03/14/2026", "someday")]
    found = read(cxone, write(tmp_path, "\n".join(rows), "x.csv"), tz=ZONE)
    assert found.note("truncated") and found.note("unknown values") and len(found.rejects) == 2
    with pytest.raises(InputError, match="contact_id"):
        read(cxone, write(tmp_path, "a,b\n1,2\n", "y.csv"), tz=ZONE)


def test_sniff(tmp_path: Path) -> None:
    """The report is recognised by its columns, another table is not."""
    assert cxone.sniff(SourceFile("x.csv", EXAMPLE))
    assert not cxone.sniff(SourceFile("x.csv", write(tmp_path, "contact_id,name\n1,2\n", "x.csv")))
