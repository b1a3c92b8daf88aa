"""LivePerson conversations and engagements."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from miner.readers.chats import liveperson
from tests.readers.reading import FIXTURES, read, write

CONVERSATIONS = FIXTURES / "liveperson" / "conversations.json"
ENGAGEMENTS = FIXTURES / "liveperson" / "engagements.json"
FIRST = "liveperson:e5c58e49-e4a5-40a8-8a18-d6580d1d5630"


def record() -> dict[str, Any]:
    """The first conversation of the fixture, to be changed."""
    found: dict[str, Any] = json.loads(CONVERSATIONS.read_text())["conversationHistoryRecords"][0]
    return found


def test_the_conversations() -> None:
    """Bot to Billing to Technical: two handoffs, no return; readers and the survey's bot own nothing."""
    found = read(liveperson, CONVERSATIONS)
    assert found.visits() == ["Concierge", "Billing", "Technical"]
    assert [e["handoff_kind"] for e in found.events if e["handoff_kind"]] == ["bot_to_human", "group_reassign"]
    assert [(e["actor_type"], e["team"], e["agent"]) for e in found.of_type("conference_join")] == [
        ("supervisor", None, None)
    ]
    assert [e["actor_type"] for e in found.of_type("survey_offered")] == ["rule"]
    closed = found.of_type("closed")
    assert [(e["actor"], e["team"], e["outcome"]) for e in closed] == [("Bo", "Technical", "closed")]
    assert json.loads(found.interactions[FIRST]["declared"]) == {
        "duration": 3_600_000,
        "csat": 4,
        "mcs": 67,
        "alertedMCS": 1,
    }
    assert [row["reason"] for row in found.rejects] == ["startTimeL is missing"]


def test_words_for_nothing() -> None:
    """The words undefined, null, NA, Unassigned and -1 are nothing: no end, no owner, no name."""
    found = read(liveperson, CONVERSATIONS)
    events = [e for e in found.events if e["interaction_id"] == "liveperson:open-1"]
    assert [(e["activity"], e["team"], e["channel"]) for e in events] == [
        ("Conversation started", None, "sms"),
        ("Customer message", None, "sms"),
    ]
    assert {e["customer"] for e in events} == {"+49301234567"}
    assert json.loads(found.interactions["liveperson:open-1"]["identity"]) == {"id": "c2", "phone": "+49 30 1234567"}
    note = found.note("truncated")
    assert note is not None and note.examples == ["open-1"]


def test_the_customer_is_who_the_brand_says(tmp_path: Path) -> None:
    """A customerId of the engagement attributes goes before the consumer's own id."""
    assert read(liveperson, CONVERSATIONS).interactions[FIRST]["customer"] == "K-100"
    one = record()
    del one["sdes"]
    found = read(liveperson, write(tmp_path, one))
    assert found.interactions[FIRST]["customer"] == "liveperson:f92c9890-2c95-428b-8a32-083528620d31"


def test_first_routing_is_no_handoff(tmp_path: Path) -> None:
    """A transfer that nobody made, and one back to the same queue, have no kind."""
    one = record()
    one["transfers"][0] |= {"sourceAgentId": "null", "by": "null"}
    one["transfers"][1] |= {"targetSkillId": 11, "targetSkillName": "Billing", "reason": "back2Q"}
    found = read(liveperson, write(tmp_path, one))
    moves = [e for e in found.events if e["activity"] in ("Transferred", "Returned to queue")]
    assert [(e["actor_type"], e["handoff_kind"]) for e in moves] == [("system", None), ("agent", None)]


def test_a_known_agent_takes_over_inside_the_skill(tmp_path: Path) -> None:
    """To another agent of the same skill is an agent's reassignment; done by a manager it is not the agent's step."""
    one = record()
    one["transfers"][1] |= {"targetSkillId": 11, "targetSkillName": "Billing", "assignedAgentId": "72", "by": "75"}
    step = [e for e in read(liveperson, write(tmp_path, one)).events if e["activity"] == "Transferred"][-1]
    assert (step["handoff_kind"], step["actor_type"]) == ("agent_reassign", "system")


def test_engagements() -> None:
    """A live chat: requested, accepted, its lines, ended; the agent of the lines is the one of the chat."""
    found = read(liveperson, ENGAGEMENTS)
    assert [(e["activity"], e["actor"], e["team"]) for e in found.events] == [
        ("Chat requested", "K-101", None),
        ("Chat accepted", "Ana", "Billing"),
        ("Reply", "Ana", "Billing"),
        ("Customer message", "K-101", None),
        ("Chat ended", "system", None),
    ]
    declared = json.loads(found.interactions["liveperson:12345678901"]["declared"])
    assert declared == {"duration": 540, "mcs": 1, "chatMCS": 60}


def test_without_the_parts(tmp_path: Path) -> None:
    """A record of the info alone is noted as truncated."""
    found = read(liveperson, write(tmp_path, {"info": record()["info"]}))
    assert found.note("truncated") and found.events[0]["activity"] == "Conversation started"
    again = read(liveperson, write(tmp_path, [{"info": record()["info"]}, record(), {"info": record()["info"]}]))
    assert again.visits() == ["Concierge", "Billing", "Technical"]
