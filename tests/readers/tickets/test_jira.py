"""Jira issues: REST, the navigator's CSV, copied tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.tickets import jira
from tests.readers.reading import FIXTURES, Reading, read, write

FOLDER = FIXTURES / "jira"
ISSUES = FOLDER / "issues.json"
TABLES = sorted((FOLDER / "fivetran").glob("*.csv"))


def handoffs(found: Reading) -> list[str]:
    """The kinds of the moves between two teams or two agents."""
    return [event["handoff_kind"] for event in found.events if event["handoff_kind"]]


def page(*issues: dict[str, Any]) -> dict[str, Any]:
    """A page of issues."""
    return {"issues": list(issues), "total": len(issues)}


def test_rest() -> None:
    """HELP-7: routed by automation (no handoff), Service Desk to Network and back, reopened by its customer."""
    found = read(jira, ISSUES)
    mine = [event for event in found.events if event["interaction_id"] == "jira:HELP-7"]
    assert found.visits() == ["Service Desk", "Network", "Service Desk"]
    assert handoffs(found) == ["group_reassign", "group_reassign"]
    assert [e["actor_type"] for e in mine if e["event_type"] == "reopened"] == ["customer"]
    assert [e["outcome"] for e in mine if e["outcome"]] == ["resolved", "open", "resolved"]
    assert {e["customer"] for e in mine} == {"ann@example.com"}
    assert [e["actor"] for e in mine if e["actor_type"] == "rule"] == ["Automation for Jira"]
    assert json.loads(found.interactions["jira:HELP-7"]["identity"])["email"] == "ann@example.com"
    assert found.references == {("jira:HELP-7", "jira:HELP-8", "Blocks")}


def test_a_cut_changelog_is_noted() -> None:
    """HELP-8 declares 102 changes and shows one: truncated, and its first values are not made up."""
    found = read(jira, ISSUES)
    note = found.note("truncated")
    assert note is not None and note.count == 1 and "1 of 102" in note.examples[0]
    assert json.loads(found.interactions["jira:HELP-8"]["declared"]) == {"changelog.total": 102}
    created = next(e for e in found.of_type("started") if e["interaction_id"] == "jira:HELP-8")
    assert created["attributes"] is None and created["customer"] is None


def test_pages_that_overlap_are_one_history(tmp_path: Path) -> None:
    """An issue that two pages deliver is read once, and bulk changelogs complete it."""
    issue = json.loads(ISSUES.read_text())["issues"][0]
    histories = issue["changelog"]["histories"]
    first = write(tmp_path, page(issue | {"changelog": {"total": 7, "histories": histories[:3]}}), "a.json")
    stamped = [history | {"created": 1772438405000 + 60_000 * n} for n, history in enumerate(histories[1:], 1)]
    rest = write(tmp_path, {"issueChangeLogs": [{"issueId": "10101", "changeHistories": stamped}]}, "b.json")
    found = read(jira, first, rest)
    assert found.note("duplicates") and not [n for n in found.notes if "has more" in n.message]


def test_the_navigator_s_csv() -> None:
    """Without a history: creation, comments with their authors, and resolution, in the zone that was declared."""
    found = read(jira, FOLDER / "navigator.csv", tz="Europe/Berlin")
    mine = [e for e in found.events if e["interaction_id"] == "jira:OPS-1"]
    assert [(e["activity"], e["agent"]) for e in mine] == [
        ("Ticket created", None),
        ("Reply", "Bo"),
        ("Customer message", None),
        ("Resolved", "Bo"),
    ]
    assert mine[0]["started_us"] % 86_400_000_000 == 8 * 3_600_000_000
    with pytest.raises(InputError, match="--tz"):
        read(jira, FOLDER / "navigator.csv")


def test_copied_tables() -> None:
    """Names come from tables of their own; values set at creation are no moves; rows of one save are one step."""
    found = read(jira, *TABLES)
    assert [(e["activity"], e["actor"], e["team"]) for e in found.events] == [
        ("Ticket created", "Ann", None),
        ("Assigned to agent", "Bo", "Service Desk"),
        ("Assigned to team", "Bo", "Service Desk"),
        ("Changed Sprint", "Cy", "Network"),
        ("Internal note", "Cy", "Network"),
        ("Resolved", "Cy", "Network"),
    ]
    assert handoffs(found) == ["group_reassign"] and found.visits() == ["Service Desk", "Network"]
    assert found.references == {("jira:TP-8", "jira:10010", "parent")}
    assert not [e for e in found.events if e["text"]]


def test_change_items_without_authors() -> None:
    """Changes without an author are those of who holds the issue, and that is said."""
    found = read(jira, FOLDER / "change_items.csv")
    assert [e["agent"] for e in found.events] == [None, "ana", "ana", "bo", "bo"]
    assert handoffs(found) == ["agent_reassign"] and found.note("assumed")


def test_bad_records(tmp_path: Path) -> None:
    """Records that are no issues and times that are none are rejected one by one; a file of nothing is an error."""
    good = json.loads(ISSUES.read_text())["issues"][0]
    bad = [
        {"key": "X-1"},
        {"key": "X-2", "fields": [], "changelog": {"histories": []}},
        {"key": "X-3", "changelog": {"histories": [{"id": 1, "created": "soon", "items": []}]}},
        {"key": "X-4", "changelog": {"histories": [{"id": 2, "created": "2026-03-02T10:00:00Z", "items": "all"}]}},
    ]
    found = read(jira, write(tmp_path, [*bad, good]))
    assert [reject["line"] for reject in found.rejects] == [1, 2, 3, 4] and len(found.events) == 11
    with pytest.raises(InputError):
        read(jira, write(tmp_path, bad[:1]))
    with pytest.raises(InputError):
        read(jira, *[table for table in TABLES if table.stem in ("user", "team")])


def test_sniff() -> None:
    """Its own files only: no audits of others, no log."""
    assert all(jira.sniff(SourceFile(p.name, p)) for p in (ISSUES, FOLDER / "navigator.csv", *TABLES))
    others = (
        FIXTURES / "zendesk" / "audits.json",
        FIXTURES / "servicenow_audit" / "audit.csv",
        FIXTURES / "intercom" / "conversation.json",
        FIXTURES / "connect" / "contacts.jsonl",
    )
    assert not any(jira.sniff(SourceFile(p.name, p)) for p in others)
