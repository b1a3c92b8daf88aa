"""Last state known, history missing: the state counts, and what is missing is noted."""

from __future__ import annotations

import json
from pathlib import Path

from miner.readers.tickets import jira, zendesk
from tests.readers.reading import FIXTURES, Reading, read, write

STATUS, ISSUES = FIXTURES / "zendesk" / "ticket_status.csv", sorted((FIXTURES / "jira" / "no_changelog").glob("*.json"))


def outcomes(found: Reading) -> dict[str, str | None]:
    """The last outcome of each ticket."""
    told: dict[str, str | None] = {}
    for event in found.events:
        told[event["interaction_id"]] = event["outcome"] or told.get(event["interaction_id"])
    return told


def test_zendesk_tickets_without_times_have_the_outcome_of_their_status() -> None:
    """Solved is resolved, deleted tells no outcome; that the history is missing is noted, nothing else."""
    found = read(zendesk, STATUS)
    assert outcomes(found) == {"zendesk:1595": None, "zendesk:16988": "resolved"}
    assert not found.of_type("resolved")
    assert {note.kind for note in found.notes if "zone" not in note.message} == {"history"}


def test_a_status_older_than_the_audits_does_not_count(tmp_path: Path) -> None:
    """A ticket that was copied before its last audit says nothing of how it ended."""
    audits = json.loads((FIXTURES / "zendesk" / "former_agent.json").read_text())
    ticket = {
        "id": 4711,
        "requester_id": 501,
        "group_id": 11,
        "assignee_id": 35,
        "status": "solved",
        "created_at": "2026-03-02T09:40:12Z",
        "updated_at": "2026-03-03T10:02:30Z",
    }
    found = read(zendesk, write(tmp_path, audits | {"tickets": [ticket]}))
    assert outcomes(found) == {"zendesk:4711": "open"}
    later = read(zendesk, write(tmp_path, audits | {"tickets": [ticket | {"updated_at": "2026-03-09T10:00:00Z"}]}))
    assert outcomes(later) == {"zendesk:4711": "resolved"} and later.note("history")


def test_jira_issues_without_a_changelog_count_their_resolution_and_its_date() -> None:
    """Resolved at resolutiondate, closed or not; of what was not, the creation alone is known."""
    found = read(jira, *ISSUES)
    assert outcomes(found) == {"jira:HELP-6041": None, "jira:HELP-6042": "resolved", "jira:HELP-6043": None}
    (resolved,) = found.of_type("resolved")
    assert resolved["started_us"] == 1_457_015_417_000_000 and resolved["agent"] == "user1"
    history = [note for note in found.notes if note.kind == "history"]
    assert sum(note.count for note in history) == 3


def test_a_resolution_that_is_not_good_is_not_resolved(tmp_path: Path) -> None:
    """Won't Do is an outcome that is known and not good."""
    page = json.loads(ISSUES[0].read_text())
    page["issues"][1]["fields"]["resolution"]["name"] = "Won't Do"
    assert outcomes(read(jira, write(tmp_path, page)))["jira:HELP-6042"] == "won't do"


def test_a_whole_history_is_believed_alone() -> None:
    """Where the changelog tells of the resolution, its date makes no second one, and nothing is missing."""
    found = read(jira, FIXTURES / "jira" / "note_with_transfer" / "issues.json")
    assert len(found.of_type("resolved")) == 1 and not found.note("history")
