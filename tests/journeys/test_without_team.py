"""Who answers contacts and belongs to no known team, where others do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from miner.events.schema import NO_TEAM
from miner.pipeline import Settings, run
from miner.workspace import Workspace


def conversation(number: int, *queues: str | None) -> dict[str, Any]:
    """A call on which one agent after the other talks for ten minutes, each for a queue or for none."""
    people: list[dict[str, Any]] = [
        {
            "purpose": "customer",
            "sessions": [{"mediaType": "voice", "ani": f"tel:+4930123450{number}", "segments": [segment(0, 59, None)]}],
        }
    ]
    people += [
        {
            "purpose": "agent",
            "userId": f"u{number}{i}",
            "sessions": [{"mediaType": "voice", "segments": [segment(10 * i, 10 * i + 9, queue)]}],
        }
        for i, queue in enumerate(queues)
    ]
    return {
        "conversationId": f"c{number}",
        "conversationStart": at(0),
        "conversationEnd": at(59),
        "participants": people,
    }


def segment(begin: int, end: int, queue: str | None) -> dict[str, Any]:
    """A talk from minute to minute."""
    return {"segmentType": "interact", "segmentStart": at(begin), "segmentEnd": at(end), "queueId": queue}


def at(minute: int) -> str:
    """A minute after ten."""
    return f"2026-03-02T10:{minute:02}:00.000Z"


def made(folder: Path, *conversations: dict[str, Any]) -> Workspace:
    """What a run makes of conversations of Genesys Cloud."""
    folder.mkdir(exist_ok=True)
    (folder / "c.json").write_text(json.dumps({"conversations": conversations}), encoding="utf-8")
    return run([str(folder / "c.json")], folder / "w", Settings(until="cost", graph="none", identifiers="keep"))


def test_an_agent_without_a_team_owns_what_they_answer(tmp_path: Path) -> None:
    """Beside agents with a queue they own as one team without a name, and their contacts are handled."""
    found = made(tmp_path, conversation(1, "Desk", None), conversation(2, None), conversation(3, "Desk"))
    visits = found.table("visits").groupby("journey_id")["owner"].apply(list).to_dict()
    assert sorted(visits.values()) == [["Desk"], ["Desk", NO_TEAM], [NO_TEAM]]
    contacts = found.table("contacts")
    assert contacts["handled"].all() and len(contacts) == 3 and len(found.table("handoffs")) == 1


def test_without_any_team_agents_own_under_their_names(tmp_path: Path) -> None:
    """Where nobody has a team the level is that of agents, and nobody is called by the missing team."""
    found = made(tmp_path, conversation(1, None, None))
    assert found.table("visits")["owner"].tolist() == ["u10", "u11"]


def test_tickets_without_a_team_stay_nobodys(tmp_path: Path) -> None:
    """A row of an event log that names an agent and no team changes no owner: nobody answered a contact there."""
    rows = "case,activity,time,agent,team\n1,work,2026-03-02 10:00,ana,Desk\n1,work,2026-03-02 11:00,bo,\n"
    (tmp_path / "log.csv").write_text(rows, encoding="utf-8")
    found = run([str(tmp_path / "log.csv")], tmp_path / "w", Settings(until="cost", graph="none", tz="UTC"))
    assert found.table("visits")["owner"].tolist() == ["Desk"]
