"""Whatever arrives within one save of one author is one act of the sender."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import miner
from miner.readers.shared.save_grouping import group_saves
from miner.readers.shared.staging import Staged
from miner.readers.tickets import jira, zendesk
from tests.measures.adapter import saved
from tests.readers.reading import FIXTURES, read, write

ZENDESK, JIRA = FIXTURES / "zendesk" / "note_with_transfer", FIXTURES / "jira" / "note_with_transfer"
SECOND = 1_000_000


@pytest.mark.parametrize(
    ("export", "wait_s"),
    [
        (ZENDESK / "rest", 32_551),
        (ZENDESK / "fivetran", 32_551),
        (JIRA / "issues.json", 86_400),
        (JIRA / "issues_40ms.json", 86_400),
        (JIRA / "fivetran_40ms", 3_600),
    ],
)
def test_a_note_with_a_transfer_leaves_the_handoff_its_wait(export: Path, wait_s: int, tmp_path: Path) -> None:
    """The mover's note, at once or milliseconds later, is the sender's: the receiver's wait is not 0."""
    workspace = miner.run(str(export), workspace=str(tmp_path / "w"), until="measure", graph="none")
    (handoff,) = saved(Path(workspace.path))["handoffs"]
    assert handoff["wait_us"] == wait_s * SECOND


def test_a_note_of_a_later_save_is_not_the_transfer_s(tmp_path: Path) -> None:
    """Five seconds after the transfer the mover writes again: the ticket is in the other team by then."""
    issues = json.loads((JIRA / "issues.json").read_text())
    comment = issues["issues"][0]["fields"]["comment"]["comments"][0]
    comment["created"] = "2024-04-02T10:00:05.000+0000"
    found = read(jira, write(tmp_path, issues))
    assert [event["team"] for event in found.of_type("note")] == ["Network"]


def test_a_customer_s_words_within_the_second_are_their_own(tmp_path: Path) -> None:
    """Only what the same author saves belongs to the save."""
    issues = json.loads((JIRA / "issues_40ms.json").read_text())
    comment = issues["issues"][0]["fields"]["comment"]["comments"][0]
    comment["author"], comment["jsdPublic"] = issues["issues"][0]["fields"]["reporter"], True
    found = read(jira, write(tmp_path, issues))
    assert [(event["actor_type"], event["team"]) for event in found.of_type("message")] == [("customer", None)]


def test_former_agents_stay_agents() -> None:
    """Zendesk lists agents who have left as inactive end users; who is assigned and solves is an agent."""
    found = read(zendesk, FIXTURES / "zendesk" / "former_agent.json")
    assert [(e["actor_type"], e["team"]) for e in found.of_type("resolved")] == [("agent", "Tier 2")]
    assert found.visits() == ["Billing", "Tier 2"]


def test_inactive_customers_stay_customers(tmp_path: Path) -> None:
    """A requester who may sign in no more is no agent."""
    export = json.loads((FIXTURES / "zendesk" / "former_agent.json").read_text())
    for user in export["users"]:
        user["active"] = user["id"] == 21
    found = read(zendesk, write(tmp_path, export))
    assert [e["actor_type"] for e in found.of_type("reopened")] == ["customer"]


def test_the_answer_to_a_post_is_the_audit_of_the_ticket() -> None:
    """What Zendesk answers when a ticket is made reads like the audits of that ticket."""
    folder = FIXTURES / "zendesk"
    answer, audits = (read(zendesk, folder / name) for name in ("create_answer.json", "create_audits.json"))
    names = ("started_us", "activity", "event_type", "actor_type", "actor", "team", "customer", "outcome", "attributes")
    assert [[e[n] for n in names] for e in answer.events] == [[e[n] for n in names] for e in audits.events]
    assert len(answer.events) == 1 and answer.column("team") == ["21395086"]


def row(at: int, author: str, *fields: str) -> Staged:
    """A row at a time in ms."""
    return Staged(at * 1000, "x", 0, 1, {"author": author, "fields": list(fields)})


@pytest.mark.parametrize(
    ("rows", "sizes"),
    [
        ([row(0, "a", "team"), row(40, "a"), row(1000, "a", "state")], [3]),
        ([row(0, "a", "team"), row(1001, "a")], [1, 1]),
        ([row(0, "a", "team"), row(10, "b"), row(40, "a")], [2, 1]),
        ([row(0, "a", "team"), row(40, "a", "team")], [1, 1]),
        ([row(0, "a", "team"), row(0, "a", "team")], [2]),
        ([row(0, "a", "team"), row(10, "b", "state"), row(40, "a", "state")], [1, 1, 1]),
        ([row(0, "a"), row(900, "a"), row(1800, "a")], [2, 1]),
    ],
)
def test_which_rows_are_one_save(rows: list[Staged], sizes: list[int]) -> None:
    """One author within a second of the first row; what has been set meanwhile begins another save."""
    found = group_saves(rows, lambda r: str(r.body["author"]), lambda r: r.body["fields"])
    assert [len(save) for save in found] == sizes
    assert sorted(id(r) for save in found for r in save) == sorted(map(id, rows))
