"""Intercom conversations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.chats import intercom
from tests.readers.reading import FIXTURES, read, write

EXAMPLE = FIXTURES / "intercom" / "conversation.json"
CONVERSATION: dict[str, Any] = json.loads(EXAMPLE.read_text())
NINE = 1_772_442_000
USER, BOT = {"type": "user", "id": "u1"}, {"type": "bot", "id": "b1", "name": "Fin"}


def admin(n: int, **more: Any) -> dict[str, Any]:
    """A teammate as an author."""
    return {"type": "admin", "id": n, **more}


def part(kind: str, author: dict[str, Any], to: tuple[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A part without its time, which `conversation` adds."""
    return {"part_type": kind, "author": author, "assigned_to": to and {"type": to[0], "id": to[1]}, **more}


def conversation(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A conversation whose parts are a minute apart."""
    found = [{"id": n, "created_at": NINE + 60 * n, **one} for n, one in enumerate(parts, 1)]
    return {
        "type": "conversation",
        "id": 7,
        "created_at": NINE,
        "source": {"type": "email", "author": USER},
        "contacts": {"contacts": [{"id": "u1"}]},
        "conversation_parts": {"total_count": len(found), "conversation_parts": found},
        **more,
    }


def test_the_example() -> None:
    """Bot to human, then one team hand-off 5017691 to 5017692, one reopen, rating 2."""
    found = read(intercom, EXAMPLE)
    assert found.visits() == ["b1", "5017691", "5017692"]
    assert [e["handoff_kind"] for e in found.events if e["handoff_kind"]] == ["bot_to_human", "group_reassign"]
    assert len(found.of_type("reopened")) == 1
    assert [json.loads(e["attributes"]) for e in found.of_type("survey_answered")] == [{"score": "2", "scale": "1-5"}]
    assert set(found.column("customer")) == {"K-100"}
    declared = json.loads(found.interactions["intercom:1295"]["declared"])
    assert declared == {"count_reopens": 1, "count_assignments": 3, "resolution_state": "routed_to_team", "rating": "2"}
    assert found.reports[0].time == "epoch seconds, UTC"
    assert not found.notes


def test_bots_have_no_team(tmp_path: Path) -> None:
    """A bot, and a teammate's part that the AI agent wrote, are bots: an own name, no team, no agent."""
    ai = admin(9, name="Fin AI", from_ai_agent=True)
    found = read(intercom, write(tmp_path, conversation(part("comment", BOT), part("comment", ai), team_assignee_id=1)))
    assert [(e["actor_type"], e["actor"], e["team"], e["agent"]) for e in found.events[1:]] == [
        ("bot", "Fin", None, None),
        ("bot", "Fin AI", None, None),
    ]


def test_a_conversation_that_never_moved_stays_in_its_team(tmp_path: Path) -> None:
    """Without any assignment to a team, the team of now had it all along; a teams page gives the names."""
    path = write(
        tmp_path,
        {
            "conversations": [conversation(part("comment", admin(8)), team_assignee_id=1)],
            "teams": [{"id": "1", "name": "Care"}],
            "admins": [{"id": "8", "name": "Bo"}],
        },
    )
    event = read(intercom, path).of_type("message")[0]
    assert (event["team"], event["agent"], event["activity"]) == ("Care", "Bo", "Reply")


def test_a_note_with_a_transfer_is_the_sender_s(tmp_path: Path) -> None:
    """What a teammate writes within a second of passing the conversation on is theirs; a minute later it is not."""
    moved = part("assignment", admin(8), ("team", 2))
    for seconds, team in ((1, "1"), (60, "2")):
        note = part("note", admin(8), created_at=NINE + 120 + seconds)
        found = read(
            intercom,
            write(
                tmp_path,
                conversation(part("assignment", admin(8), ("team", 1)), moved, note, part("comment", admin(9))),
            ),
        )
        assert [e["team"] for e in found.of_type("note")] == [team]
        assert found.visits()[-1] == "2"


def test_a_ticket_that_is_closed_after_it_was_resolved_is_resolved(tmp_path: Path) -> None:
    """Closing says nothing new then; after a reopening it does."""
    states = [
        part("ticket_state_updated_by_admin", admin(8), ticket_state=now, previous_ticket_state=before)
        for now, before in (("resolved", "in_progress"), ("in_progress", "resolved"))
    ]
    close = part("close", admin(8))
    for parts, outcome in (((states[0], close), "resolved"), ((*states, close), "closed")):
        told = read(intercom, write(tmp_path, conversation(*parts))).column("outcome")
        assert [value for value in told if value][-1] == outcome


def test_part_types(tmp_path: Path) -> None:
    """Every kind of part becomes its canonical event; unknown ones keep their name and are counted."""
    found = read(
        intercom,
        write(
            tmp_path,
            conversation(
                part("assignment", admin(8), ("team", 1)),
                part("assignment", admin(8), ("admin", 8)),
                part("note", admin(8)),
                part("assignment", admin(8), ("admin", 9)),
                part("snoozed", admin(9)),
                part("close", admin(9)),
                part("assign_and_reopen", admin(9), ("team", 2)),
                part("default_assignment", BOT, ("team", 3)),
                part("assignment", admin(9), ("nobody_admin", None)),
                part("levitation", admin(9)),
                part("attribute_updated_by_admin", admin(9)),
                part("conversation_sla_applied_by_rule", BOT),
                part("comment", USER),
                part("participant_added", USER),
            ),
        ),
    )
    assert [(e["event_type"], e["handoff_kind"]) for e in found.events] == [
        ("started", None),
        ("assigned", None),
        ("assigned", None),
        ("note", None),
        ("assigned", "agent_reassign"),
        ("status_changed", None),
        ("closed", None),
        ("reopened", None),
        ("assigned", "group_reassign"),
        ("assigned", "group_reassign"),
        ("unassigned", None),
        (None, None),
        ("field_changed", None),
        ("sla", None),
        ("message", None),
    ]
    assert found.of_type("assigned")[-1]["actor_type"] == "rule"
    note = found.note("unknown values")
    assert note is not None and note.examples == ["levitation"]
    assert found.visits() == ["1", "3"]


def test_missing_parts_are_noticed(tmp_path: Path) -> None:
    """Fewer parts than declared, or a list that leaves them out, is noted as truncated."""
    short = conversation(part("close", admin(8)))
    short["conversation_parts"]["total_count"] = 9
    note = read(intercom, write(tmp_path, short)).note("truncated")
    assert note is not None and note.examples == ["7: 1 of 9"]
    del short["conversation_parts"]
    assert read(intercom, write(tmp_path, {"type": "conversation.list", "conversations": [short]})).note("truncated")


def test_forms_and_copies(tmp_path: Path) -> None:
    """A list page, JSON lines and ISO times read alike; of two copies the one updated last stays."""
    whole = read(intercom, EXAMPLE).events
    for value in (
        {"conversations": [CONVERSATION]},
        [CONVERSATION, {**CONVERSATION, "updated_at": 1, "conversation_parts": None}],
    ):
        assert [e["activity"] for e in read(intercom, write(tmp_path, value)).events] == [e["activity"] for e in whole]
    iso = conversation(created_at="2026-03-02T09:00:00Z")
    assert read(intercom, write(tmp_path, iso)).events[0]["started_us"] == NINE * 1_000_000
    ms = conversation(part("close", admin(8), created_at=(NINE + 60) * 1000), created_at=NINE * 1000)
    assert read(intercom, write(tmp_path, ms)).events[1]["started_us"] == (NINE + 60) * 1_000_000


def test_customers_and_mapping(tmp_path: Path) -> None:
    """external_id, else e-mail, else intercom:<id>; attributes are mapped by their key."""
    for contact, key in (
        ({"id": 1, "external_id": "K"}, "K"),
        ({"id": 1, "email": "A@b.de"}, "a@b.de"),
        ({"id": 1}, "intercom:1"),
    ):
        found = read(intercom, write(tmp_path, conversation(contacts={"contacts": [contact]})))
        assert set(found.column("customer")) == {key}
    found = read(
        intercom,
        write(tmp_path, conversation(custom_attributes={"Thema": "refund", "euro": "12.5"})),
        columns={"intent": "Thema", "value": "euro"},
    )
    assert (found.events[-1]["intent"], found.events[-1]["value"]) == ("refund", 12.5)


def test_bad_conversations_are_rejected(tmp_path: Path) -> None:
    """Wrong shapes and missing times are rejected with a reason, the rest is read."""
    bad = [
        conversation(created_at=None),
        conversation(id=None),
        conversation(source="email"),
        {"type": "ticket", "id": 3, "created_at": "never"},
        conversation(part("close", admin(1), created_at="soon")),
        conversation(conversation_parts=[1]),
    ]
    found = read(intercom, write(tmp_path, [*bad, CONVERSATION]))
    assert [reject["line"] for reject in found.rejects] == [1, 2, 3, 4, 5, 6]
    assert set(found.interactions) == {"intercom:1295"}
    with pytest.raises(InputError, match="could be used"):
        read(intercom, write(tmp_path, bad))


def test_tickets(tmp_path: Path) -> None:
    """A ticket's parts are read like those of a conversation; its states make it resolved and reopened."""

    def moved(before: str, now: str) -> dict[str, Any]:
        return part("ticket_state_updated_by_admin", admin(8), previous_ticket_state=before, ticket_state=now)

    steps = [moved("submitted", "in_progress"), moved("in_progress", "resolved"), moved("resolved", "in_progress")]
    parts = [{"id": n, "created_at": NINE + 60 * n, **one} for n, one in enumerate(steps, 1)]
    ticket = {
        "type": "ticket",
        "id": "631",
        "ticket_id": "38",
        "category": "Back-office",
        "created_at": NINE,
        "admin_assignee_id": "0",
        "team_assignee_id": "5",
        "ticket_attributes": {"topic": "refund"},
        "contacts": {"contacts": [{"id": "c1", "external_id": "K-1"}]},
        "linked_objects": {"data": [{"type": "conversation", "id": "7"}]},
        "ticket_parts": {"total_count": 3, "ticket_parts": parts},
    }
    path = write(tmp_path, {"type": "ticket.list", "tickets": [ticket]})
    assert intercom.sniff(SourceFile("x", path))
    found = read(intercom, path, columns={"intent": "topic"})
    assert [(e["activity"], e["outcome"]) for e in found.events] == [
        ("Ticket created", None),
        ("State in_progress", None),
        ("Resolved", "resolved"),
        ("Reopened", "open"),
    ]
    assert {(e["channel"], e["customer"], e["intent"]) for e in found.events} == {("task", "K-1", "refund")}
    assert found.events[1]["team"] == "5"
    assert found.references == {("intercom:631", "intercom:7", "linked object")}
    assert json.loads(found.interactions["intercom:631"]["identity"]) == {"id": "K-1"}


def test_the_published_samples(tmp_path: Path) -> None:
    """The samples of the vendor's own description of its interface are read: a list without parts, a ticket."""
    samples = FIXTURES / "intercom" / "published"
    listed = json.loads((samples / "openapi_conversations_list.json").read_text())["successful"]
    found = read(intercom, write(tmp_path, listed))
    assert [(e["activity"], e["actor"], e["team"]) for e in found.events] == [
        ("Conversation started", "Ciaran166 Lee", "5017691")
    ]
    assert found.note("truncated") and set(found.column("customer")) == {"70"}
    ticket = json.loads((samples / "openapi_ticket_retrieve.json").read_text())["Ticket found"]
    found = read(intercom, write(tmp_path, ticket))
    assert [(e["activity"], e["actor_type"], e["team"]) for e in found.events] == [
        ("Ticket created", "customer", None),
        ("State submitted", "agent", None),
    ]
    assert not found.notes


def test_sniff(tmp_path: Path) -> None:
    """Conversations are recognised alone, in a list, and where one is longer than the head; other JSON is not."""
    long = conversation(*[part("comment", admin(8), body="x" * 1000) for _ in range(400)])
    assert intercom.sniff(SourceFile("x", write(tmp_path, long)))
    assert intercom.sniff(SourceFile("x", EXAMPLE))
    assert intercom.sniff(SourceFile("x", write(tmp_path, {"conversations": [CONVERSATION]})))
    assert not intercom.sniff(SourceFile("x", FIXTURES / "connect" / "contacts.jsonl"))


def old_conversation(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The same as API 1.x wrote it."""
    new = conversation(*parts)
    message = {"type": "conversation_message", "id": "m", "subject": "", "body": "<p>hi</p>", "author": USER}
    return {
        "type": "conversation",
        "id": "7",
        "created_at": NINE,
        "updated_at": NINE + 900,
        "open": True,
        "user": USER | {"user_id": "K-1", "email": "kim@example.org"},
        "conversation_message": message,
        "conversation_parts": new["conversation_parts"],
        "assignee": {"type": "team", "id": "1"},
    } | more


MOVED = (
    part("assignment", admin(1), ("team", 1)),
    part("comment", admin(1)),
    part("assignment", admin(1), ("team", 2)),
    part("comment", admin(2)),
    part("close", admin(2)),
)


def test_api_1(tmp_path: Path) -> None:
    """Conversations of API 1.x are read like those of today: who began, who is the customer, whose each step is."""
    old, new = (
        read(intercom, write(tmp_path, [value]))
        for value in (
            old_conversation(*MOVED),
            conversation(*MOVED, contacts={"contacts": [{"id": "u1", "external_id": "K-1"}]}),
        )
    )
    kept = ("started_us", "event_type", "actor_type", "agent", "team", "customer", "handoff_kind")
    assert [[e[name] for name in kept] for e in old.events] == [[e[name] for name in kept] for e in new.events]
    assert old.visits() == ["1", "2"] and old.events[0]["actor_type"] == "customer" and not old.notes
    for people in ({"customers": [USER | {"user_id": "K-1"}]}, {"customer": USER | {"user_id": "K-1"}}):
        value = old_conversation(*MOVED) | people
        assert set(read(intercom, write(tmp_path, [value])).column("customer")) == {"K-1"}


def notification(number: int, item: dict[str, Any], topic: str = "conversation.admin.replied") -> dict[str, Any]:
    """What a webhook delivers."""
    return {
        "type": "notification_event",
        "app_id": "a",
        "id": f"notif_{number}",
        "topic": topic,
        "created_at": NINE + 60 * number,
        "data": {"type": "notification_event_data", "item": item},
    }


@pytest.mark.parametrize("make", [conversation, old_conversation])
def test_webhooks(make: Any, tmp_path: Path) -> None:
    """Each notification holds the newest part: together they are the conversation; other topics are left out."""
    whole = make(*MOVED)
    listed = whole["conversation_parts"]["conversation_parts"]
    told = [
        notification(n, whole | {"conversation_parts": {"total_count": 1, "conversation_parts": [one]}})
        for n, one in enumerate(listed)
    ]
    user = notification(9, {"type": "user", "id": "u1", "created_at": NINE}, "user.created")
    path = write(tmp_path, [*told[::-1], told[0], user])
    assert intercom.sniff(SourceFile("hooks.jsonl", path))
    found, plain = read(intercom, path), read(intercom, write(tmp_path, [whole], "plain.json"))
    kept = ("started_us", "event_type", "agent", "team", "handoff_kind")
    assert [[e[name] for name in kept] for e in found.events] == [[e[name] for name in kept] for e in plain.events]
    assert {note.kind for note in found.notes} >= {"webhooks", "left out"} and len(found.interactions) == 1
    assert not plain.note("webhooks")
