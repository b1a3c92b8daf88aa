"""Genesys Cloud conversation details."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.calls import genesys
from tests.readers.reading import FIXTURES, Reading, read, write

EXAMPLE = FIXTURES / "genesys" / "conversations.json"
CONVERSATIONS: list[dict[str, Any]] = json.loads(EXAMPLE.read_text())["conversations"]
SECOND = 1_000_000


def at(minute: int, second: int = 0) -> str:
    """A time after ten o'clock, as the conversations write it."""
    return f"2026-03-02T10:{minute:02}:{second:02}.000Z"


def person(purpose: str, *parts: tuple[Any, ...], queue: str | None = None, **more: Any) -> dict[str, Any]:
    """A participant with segments (type, start minute, end minute, how it ended)."""
    segments = []
    for kind, start, end, *how in parts:
        segment = {"segmentType": kind, "segmentStart": at(start), "segmentEnd": at(end) if end is not None else None}
        segments.append(segment | ({"queueId": queue} if queue else {}) | ({"disconnectType": how[0]} if how else {}))
    session = {"mediaType": "voice", "segments": segments, **more.pop("session", {})}
    return {"purpose": purpose, "sessions": [session], **more}


def conversation(*people: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A conversation of fifty minutes."""
    return {
        "conversationId": "x",
        "conversationStart": at(0),
        "conversationEnd": at(50),
        "participants": list(people),
        **more,
    }


def of(found: Reading, key: str) -> Reading:
    """The reading of one conversation alone."""
    events = [event for event in found.events if event["interaction_id"] == key]
    return Reading(found.reports, events, found.interactions, found.references, found.rejects, found.notes)


def test_the_example() -> None:
    """One blind and one consulted transfer; queue and IVR legs that end in `transfer` are no handoffs."""
    found = read(genesys, EXAMPLE)
    one, two, three = (of(found, f"genesys:g-{n}") for n in (1, 2, 3))
    assert one.visits() == two.visits() == ["Billing", "Tech"] and three.visits() == ["Parcel bot"]
    assert [(e["interaction_id"], e["handoff_kind"], e["agent"]) for e in found.of_type("handoff")] == [
        ("genesys:g-1", "blind", "Ben"),
        ("genesys:g-2", "consult", "Ben"),
    ]
    assert [(e["actor"], e["handoff_kind"]) for e in found.of_type("agent_no_answer")] == [("Ana", "requeue_no_answer")]
    assert [(e["ended_us"] - e["started_us"]) / SECOND for e in one.of_type("queue_enter")] == [150, 180]
    assert [(e["ended_us"] - e["started_us"]) / SECOND for e in one.of_type("hold")] == [60]
    assert {e["outcome"] for e in one.of_type("wrapup_start")} == {"wc-misroute", "wc-solved"}
    assert ("genesys:g-1", "4711", "external tag") in found.references
    assert [e["outcome"] for e in three.of_type("abandoned")] == ["abandoned"]
    assert {e["channel"] for e in three.events} == {"messaging"}
    assert not found.rejects and found.reports[0].events == len(found.events)


def test_the_vendor_example() -> None:
    """One handoff, q-bill to q-tech; one agent who did not answer; nothing from the IVR and queue legs."""
    found = read(genesys, EXAMPLE.with_name("example.json"))
    assert found.visits() == ["q-bill", "q-tech"] and len(found.of_type("agent_no_answer")) == 1
    (handoff,) = found.of_type("handoff")
    assert (handoff["agent"], handoff["team"], handoff["handoff_kind"]) == ("u-ben", "q-bill", "blind")
    assert json.loads(found.interactions["genesys:g-1"]["declared"]) == {"nBlindTransferred": 1}


def test_declared_totals_and_who_it_was() -> None:
    """The totals of all sessions under their own names; withheld numbers are nobody."""
    found = read(genesys, EXAMPLE)
    said = {key: json.loads(row["declared"] or "{}") for key, row in found.interactions.items()}
    assert said["genesys:g-1"]["nTransferred"] == said["genesys:g-1"]["nBlindTransferred"] == 1
    assert said["genesys:g-1"]["tAcd"] == 330_000 and said["genesys:g-2"]["nConsultTransferred"] == 1
    rows = found.interactions
    assert [rows[f"genesys:g-{n}"]["customer"] for n in (1, 2, 3)] == ["genesys:ec-9", None, "+4930777888"]
    assert json.loads(rows["genesys:g-1"]["identity"]) == {"id": "ec-9", "phone": "+4930123456", "name": "Kim Example"}


def test_the_helper_owns_what_follows() -> None:
    """Who is asked owns nothing until the first agent leaves."""
    two = of(read(genesys, EXAMPLE), "genesys:g-2")
    (asked,) = two.of_type("consult_start")
    assert (asked["actor"], asked["team"], asked["agent"]) == ("Cem", None, None)
    talks = [(e["agent"], (e["started_us"] // SECOND) % 3600 // 60) for e in two.of_type("agent_connected")]
    assert talks == [("Ben", 1), ("Cem", 8)]


@pytest.mark.parametrize(("conference", "event_type"), [(False, "consult_start"), (True, "conference_join")])
def test_a_consult_is_no_handoff(tmp_path: Path, conference: bool, event_type: str) -> None:
    """Who is asked, or joins, and leaves before the first agent takes nothing over."""
    a = person("agent", ("interact", 1, 20, "peer"), queue="A", userId="a")
    b = person("agent", ("interact", 5, 9, "client"), queue="B", userId="b")
    b["sessions"][0]["segments"][0]["conference"] = conference
    found = read(genesys, write(tmp_path, [conversation(a, b), *CONVERSATIONS]))
    one = of(found, "genesys:x")
    assert one.visits() == ["A"] and len(one.of_type(event_type)) == 1 and not one.of_type("handoff")


def test_a_colleague_who_calls_a_queue(tmp_path: Path) -> None:
    """Who dials into a queue from inside is the caller, not the agent; a colleague who was rung is an agent."""
    dials = person(
        "user", ("dialing", 0, 1), ("interact", 1, 9, "client"), userId="anna", session={"ani": "tel:+4930999"}
    )
    queue = person("acd", ("interact", 0, 1, "transfer"), queue="Help")
    agent = person("agent", ("alert", 1, 1), ("interact", 1, 9, "peer"), queue="Help", userId="h")
    found = read(genesys, write(tmp_path, [conversation(agent, queue, dials, originatingDirection="outbound")]))
    assert found.visits() == ["Help"] and {e["agent"] for e in found.events} == {None, "h"}
    assert found.events[0]["actor_type"] == "customer" and set(found.column("customer")) == {None}
    rung = person("user", ("alert", 0, 0), ("interact", 0, 3, "transfer"), userId="anna")
    taken = person("agent", ("alert", 4, 5), ("interact", 5, 9, "peer"), queue="Help", userId="h")
    later = person("acd", ("interact", 3, 5, "transfer"), queue="Help")
    found = read(genesys, write(tmp_path, [conversation(rung, later, taken)]))
    assert [e["agent"] for e in found.of_type("agent_connected")] == ["anna", "h"]


def test_shapes(tmp_path: Path) -> None:
    """Pages, lists, lines, one conversation, several files: the same reading; overlapping pages are read once."""
    whole = len(read(genesys, EXAMPLE).events)
    pages = [{"conversations": CONVERSATIONS[:2]}, {"conversations": CONVERSATIONS[1:]}]
    shapes: list[list[Any]] = [
        [CONVERSATIONS],
        [[json.dumps(c) for c in CONVERSATIONS]],
        pages,
        [json.dumps(pages[0]) + json.dumps(pages[1])],
    ]
    for shape in shapes:
        paths = [write(tmp_path, value, f"{n}.json") for n, value in enumerate(shape)]
        assert len(read(genesys, *paths).events) == whole
    assert set(read(genesys, write(tmp_path, json.dumps(CONVERSATIONS[1], indent=1))).interactions) == {"genesys:g-2"}


def test_names_from_elsewhere(tmp_path: Path) -> None:
    """Names of queues and people that another file lists are used."""
    names = write(tmp_path, {"entities": [{"id": "wc-solved", "name": "Solved"}]}, "codes.json")
    found = read(genesys, EXAMPLE, names)
    assert "Solved" in {e["outcome"] for e in found.of_type("wrapup_start")}


def test_missing_parts(tmp_path: Path) -> None:
    """Open segments, missing metrics and unknown words are read, and said."""
    a = person("agent", ("interact", 1, None), ("humming", 2, 3, "vanished"), queue="A", userId="a")
    ghost = person("poltergeist", ("interact", 1, 2))
    del ghost["sessions"][0]["segments"][0]["segmentStart"]
    found = read(genesys, write(tmp_path, [conversation(a, ghost, conversationEnd=None)]))
    assert {note.kind for note in found.notes} == {"open", "unknown values", "truncated"}
    assert found.visits() == ["A"] and found.interactions["genesys:x"]["declared"] is None


@pytest.mark.parametrize(("how", "metrics"), [("client", []), (None, [{"name": "tNotResponding", "value": 7000}])])
def test_an_agent_who_declines(tmp_path: Path, how: str | None, metrics: list[dict[str, Any]]) -> None:
    """An alert that the agent ended, or that Genesys counts as not responding, was not answered."""
    away = person(
        "agent", ("alert", 1, 2, how), ("wrapup", 2, 3, "client"), queue="A", userId="a", session={"metrics": metrics}
    )
    there = person("agent", ("alert", 2, 3), ("interact", 3, 9, "peer"), queue="A", userId="b")
    found = read(genesys, write(tmp_path, [conversation(away, there)]))
    assert [e["actor"] for e in found.of_type("agent_no_answer")] == ["a"] and not found.of_type("handoff")
    assert {e["agent"] for e in found.events if e["agent"]} == {"b"}


def test_a_late_wrap_up_is_no_return(tmp_path: Path) -> None:
    """After-call work that begins when the next agent talks already is not a way back."""
    a = person("agent", ("interact", 1, 5, "transfer"), ("wrapup", 7, 8), queue="A", userId="a")
    b = person("agent", ("interact", 6, 9, "peer"), queue="B", userId="b")
    assert read(genesys, write(tmp_path, [conversation(a, b)])).visits() == ["A", "B"]


def test_one_transfer_in_two_sessions(tmp_path: Path) -> None:
    """A consult is a session of its own that ends in the transfer too: that is one handoff."""
    a = person("agent", ("interact", 1, 5, "transfer"), queue="A", userId="a")
    a["sessions"].append(person("agent", ("dialing", 3, 4), ("interact", 4, 5, "transfer"), queue="A")["sessions"][0])
    b = person("agent", ("interact", 4, 9, "peer"), queue="B", userId="b")
    found = read(genesys, write(tmp_path, [conversation(a, b)]))
    assert len(found.of_type("handoff")) == 1 and found.visits() == ["A", "B"]


def test_mapped_attributes(tmp_path: Path) -> None:
    """Attributes of participants give intent, customer and a ticket where they are named."""
    changed = deepcopy(CONVERSATIONS[0])
    changed["participants"][1]["attributes"] = {"topic": "refund", "kd": "K-7", "ticketId": "12"}
    found = read(genesys, write(tmp_path, [changed]), columns={"intent": "topic", "customer": "kd"})
    assert set(found.column("intent")) == {"refund"} and set(found.column("customer")) == {"K-7"}
    assert ("genesys:g-1", "12", "ticket id") in found.references


def test_bad_records_are_rejected(tmp_path: Path) -> None:
    """Conversations without id, without any time, or with lists of another type are rejected with a reason."""
    bad = [
        {"conversationId": None, "participants": []},
        {"conversationId": "n", "participants": []},
        conversation() | {"participants": 7},
        conversation(conversationStart="soon"),
    ]
    found = read(genesys, write(tmp_path, [*bad, *CONVERSATIONS]))
    assert [reject["line"] for reject in found.rejects] == [1, 2, 3, 4] and len(found.interactions) == 3
    with pytest.raises(InputError, match="could be used"):
        read(genesys, write(tmp_path, bad))


def test_sniff(tmp_path: Path) -> None:
    """Conversations are recognised in any shape; Intercom's, which share a word, are not."""
    assert genesys.sniff(SourceFile("x", EXAMPLE))
    assert genesys.sniff(SourceFile("x", write(tmp_path, CONVERSATIONS)))
    assert not genesys.sniff(SourceFile("x", FIXTURES / "intercom" / "conversation.json"))
    assert not genesys.sniff(SourceFile("x", FIXTURES / "connect" / "contacts.jsonl"))


def test_scores_and_tone(tmp_path: Path) -> None:
    """Surveys keep their scale; what speech analytics say of a conversation is its tone, and others have none."""
    survey = {"surveyCompletedDate": at(55), "surveyPromoterScore": 9}
    caller = person("customer", ("interact", 0, 9, "peer"))
    path = write(tmp_path, [conversation(caller, surveys=[survey]), *CONVERSATIONS], "c.jsonl")
    said = [{"conversation": {"id": "x"}, "sentimentScore": -42.5, "sentimentTrend": 3}]
    tones = write(tmp_path, said, "tones.jsonl")
    assert genesys.sniff(SourceFile("tones.jsonl", tones))
    found = read(genesys, path, tones)
    (answer,) = of(found, "genesys:x").of_type("survey_answered")
    assert json.loads(answer["attributes"]) == {"score": 9, "scale": "0-10"}
    toned = {
        e["interaction_id"]: json.loads(e["attributes"])["sentiment"]
        for e in found.events
        if e["attributes"] and "sentiment" in json.loads(e["attributes"])
    }
    assert toned == {"genesys:x": -42.5}
