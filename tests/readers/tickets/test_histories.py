"""The same history is the same events, owners and outcomes, whatever system it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.readers.tickets import servicenow
from tests.readers.reading import Reading, read
from tests.readers.tickets.exports import EXPORTS, START, incident_log, last_states, written
from tests.readers.tickets.histories import HISTORIES, History, Told


def events_of(found: Reading) -> list[Told]:
    """What was read, as the table of histories tells it."""
    begin = int(START.timestamp() * 1000)
    return [
        (
            e["started_us"] // 1000 - begin,
            e["event_type"],
            f"{e['agent']} of {e['team']}" if e["agent"] else None,
            e["outcome"],
        )
        for e in found.events
    ]


def outcome_of(found: Reading) -> str | None:
    """The last outcome known."""
    return next((outcome for outcome in reversed(found.column("outcome")) if outcome), None)


@pytest.mark.parametrize("system", EXPORTS)
@pytest.mark.parametrize("title", HISTORIES)
def test_a_history_reads_alike_from_every_system(title: str, system: str, tmp_path: Path) -> None:
    """Events with their times and types, who owns each of them, and how the ticket ended are those of the table."""
    history: History = HISTORIES[title]
    reader, export, lacks = EXPORTS[system]
    found = read(reader, *written(tmp_path, export(history)))
    told = [event for event in events_of(found) if event[0] or "started" not in lacks]
    assert sorted(told, key=str) == sorted((t for t in history.events if t[1] not in lacks), key=str)
    assert tuple(found.visits()) == history.owners
    assert outcome_of(found) == history.outcome
    assert not found.rejects and not found.note("truncated") and not found.note("history")
    ends = [event["event_type"] for event in found.events if event["event_type"] in ("resolved", "closed", "message")]
    assert "resolved" not in ends or ends.index("resolved") > (ends.index("message") if "message" in ends else -1)


@pytest.mark.parametrize("title", HISTORIES)
def test_an_incident_log_tells_the_same_owners_and_outcomes(title: str, tmp_path: Path) -> None:
    """Its rows say what the record is after an update: the mover is not told, owners, ends and outcomes are."""
    history = HISTORIES[title]
    found = read(servicenow, *written(tmp_path, incident_log(history)))
    ends = ("resolved", "closed", "reopened")
    assert [told[1::2] for told in events_of(found) if told[1] in ends] == [
        told[1::2] for told in history.events if told[1] in ends
    ]
    assert tuple(found.visits()) == history.owners and outcome_of(found) == history.outcome


LAST = {"new": None, "open": None, "resolved": "resolved", "closed": "closed", "cancelled": "cancelled"}


@pytest.mark.parametrize("state", LAST)
@pytest.mark.parametrize("system", last_states("open"))
def test_the_last_state_counts_where_the_history_is_missing(system: str, state: str, tmp_path: Path) -> None:
    """A ticket of which only the last state is known has that outcome; no step is made up, and it is noted."""
    reader, files = last_states(state)[system]
    found = read(reader, *written(tmp_path, files))
    assert outcome_of(found) == LAST[state]
    assert not found.of_type("resolved") and not found.of_type("closed")
    assert LAST[state] is None or found.note("history")
