"""Amazon Connect contact records."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.calls import connect
from tests.readers.reading import FIXTURES, read, write

EXAMPLE = FIXTURES / "connect" / "contacts.jsonl"
CONTACTS: list[dict[str, Any]] = [json.loads(line) for line in EXAMPLE.read_text().splitlines()]
SECOND = 1_000_000


def at(minute: int, second: int = 0) -> str:
    """A time after ten o'clock, as the records write it."""
    return f"2026-03-02T10:{minute:02}:{second:02}Z"


def contact(
    name: str,
    start: int,
    *,
    queue: tuple[str, int, int | None] | None = None,
    agent: str | None = None,
    talk: tuple[int, int] | None = None,
    previous: str | None = None,
    method: str = "INBOUND",
    hold: int = 0,
    **more: Any,
) -> dict[str, Any]:
    """A contact with times in minutes after ten; after-contact work starts when the talk ends."""
    record: dict[str, Any] = {
        "ContactId": name,
        "PreviousContactId": previous,
        "InitialContactId": "a" if previous else None,
        "Channel": "VOICE",
        "InitiationMethod": method,
        "InitiationTimestamp": at(start),
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+4930123456"},
    }
    if queue:
        record["Queue"] = {
            "Name": queue[0],
            "EnqueueTimestamp": at(queue[1]),
            "DequeueTimestamp": queue[2] and at(queue[2]),
        }
    if talk:
        record["Agent"] = {
            "Username": agent,
            "ConnectedToAgentTimestamp": at(talk[0]),
            "CustomerHoldDuration": hold,
            "AgentInteractionDuration": (talk[1] - talk[0]) * 60 - hold,
            "AfterContactWorkStartTimestamp": at(talk[1]),
            "AfterContactWorkEndTimestamp": at(talk[1], 30),
        }
        record["DisconnectTimestamp"] = at(talk[1])
    return record | more


def test_the_example() -> None:
    """Two contacts, c-2 once though it is delivered twice, c-1 to c-2 a transfer, queue waits of 270 and 210 s."""
    found = read(connect, EXAMPLE)
    assert set(found.interactions) == {"connect:c-1", "connect:c-2"}
    note = found.note("duplicates")
    assert note is not None and note.count == 1
    assert [(e["ended_us"] - e["started_us"]) / SECOND for e in found.of_type("queue_enter")] == [270, 210]
    (handoff,) = found.of_type("handoff")
    assert (handoff["interaction_id"], handoff["handoff_kind"], handoff["team"]) == ("connect:c-1", "blind", "Billing")
    assert ("connect:c-2", "connect:c-1", "previous contact") in found.references
    assert found.visits() == ["Billing", "Tech"]
    assert set(found.column("customer")) == {"K-100"}
    assert found.reports[0].rows == 3 and found.reports[0].events == len(found.events)


def test_declared_totals_and_who_it_was() -> None:
    """Lengths and counts by Amazon's own names; the number that calls tells who it was."""
    rows = read(connect, EXAMPLE).interactions
    assert json.loads(rows["connect:c-1"]["declared"]) == {
        "Queue.Duration": 270,
        "AgentInteractionDuration": 210,
        "CustomerHoldDuration": 95,
        "AfterContactWorkDuration": 45,
        "NumberOfHolds": 1,
        "AgentConnectionAttempts": 2,
    }
    assert json.loads(rows["connect:c-1"]["identity"])["phone"] == "+4930123456"


def test_spans_of_the_example() -> None:
    """Talk with its hold, and after-contact work, are spans of the agent; the queue's is the system's."""
    spans = [
        (e["event_type"], e["actor_type"], (e["ended_us"] - e["started_us"]) // SECOND, e["hold_us"])
        for e in read(connect, EXAMPLE).events
        if e["ended_us"] > e["started_us"] and e["interaction_id"] == "connect:c-1"
    ]
    assert spans == [
        ("queue_enter", "system", 270, None),
        ("agent_connected", "agent", 305, 95 * SECOND),
        ("wrapup_start", "agent", 45, None),
    ]


def test_the_latest_copy_stays(tmp_path: Path) -> None:
    """Of redelivered copies, in one file or several, the one that was updated last stays, whatever their order."""
    for files in ([CONTACTS[::-1]], [CONTACTS[:2], CONTACTS[2:]], [CONTACTS[2:], CONTACTS[:2]]):
        paths = [write(tmp_path, lines, f"{n}.jsonl") for n, lines in enumerate(files)]
        found = read(connect, *paths, columns={"outcome": "csat"})
        assert [e["outcome"] for e in found.events if e["outcome"]] == ["2"]
        assert len(found.events) == len(read(connect, EXAMPLE).events)


def test_abandoned_in_the_queue(tmp_path: Path) -> None:
    """Queued and never connected is abandoned, with that outcome; a callback or another queue is not."""
    lost = contact("a", 0, queue=("Billing", 1, None), DisconnectTimestamp=at(5))
    found = read(connect, write(tmp_path, [lost]))
    assert [e["outcome"] for e in found.of_type("abandoned")] == ["abandoned"]
    assert [(e["ended_us"] - e["started_us"]) // SECOND for e in found.of_type("queue_enter")] == [240]
    for method, event_type in (("CALLBACK", "callback_requested"), ("QUEUE_TRANSFER", "queue_exit")):
        next_leg = contact("b", 5, queue=("Tech", 5, 7), agent="x", talk=(7, 9), previous="a", method=method)
        found = read(connect, write(tmp_path, [lost, next_leg]))
        assert not found.of_type("abandoned") and len(found.of_type(event_type)) == 1
        assert found.visits() == ["Tech"]


@pytest.mark.parametrize(
    ("child", "parent", "kind", "visits"),
    [
        ({"talk": (7, 9)}, {"TransferCompletedTimestamp": at(5)}, "blind", ["A", "B"]),
        ({"talk": (4, 9)}, {"TransferCompletedTimestamp": at(5)}, "consult", ["A", "B"]),
        ({"talk": (3, 4)}, {}, None, ["A"]),
        ({"talk": (3, 3)}, {}, "consult_only", ["A"]),
        ({"talk": None}, {}, "consult_only", ["A"]),
        ({"talk": None}, {"TransferCompletedTimestamp": at(5)}, "blind", ["A"]),
        ({"talk": (3, 4)}, {"TransferCompletedTimestamp": at(5)}, None, ["A"]),
    ],
)
def test_legs_are_told_apart(
    tmp_path: Path, child: dict[str, Any], parent: dict[str, Any], kind: str | None, visits: list[str]
) -> None:
    """A transfer, a consult and a conference are told apart by after-contact work and TransferCompletedTimestamp."""
    first = contact("a", 0, queue=("A", 0, 1), agent="x", talk=(1, 5), **parent)
    second = contact("b", 2, queue=("B", 2, 3), agent="y", previous="a", method="TRANSFER", **child)
    found = read(connect, write(tmp_path, [first, second]))
    said = [e["handoff_kind"] for e in found.events if e["interaction_id"] == "connect:a" and e["handoff_kind"]]
    assert said == ([kind] if kind else [])
    assert bool(found.of_type("conference_join")) == (kind is None)
    assert found.visits() == visits


@pytest.mark.parametrize(
    ("parent", "ended", "kind"),
    [
        ({"TransferCompletedTimestamp": at(5)}, 8, "external"),
        ({"hold": 100}, 4, "consult_only"),
        ({"hold": 10}, 4, None),
    ],
)
def test_external_legs(tmp_path: Path, parent: dict[str, Any], ended: int, kind: str | None) -> None:
    """A leg to somebody outside is a transfer, a consult or a conference; the outsider is not the customer."""
    first = contact("a", 0, queue=("A", 0, 1), agent="x", talk=(1, 5), **parent)
    second = contact(
        "b",
        2,
        previous="a",
        method="EXTERNAL_OUTBOUND",
        DisconnectTimestamp=at(ended),
        ExternalThirdParty={"ExternalThirdPartyInteractionDuration": 60},
        CustomerEndpoint={"Type": "TELEPHONE_NUMBER", "Address": "+33999999"},
    )
    found = read(connect, write(tmp_path, [first, second]))
    assert [e["handoff_kind"] for e in found.events if e["handoff_kind"]] == ([kind] if kind else [])
    assert found.visits() == ["A"]
    assert set(found.column("customer")) == {"+4930123456"}


def test_transfers_without_a_leg(tmp_path: Path) -> None:
    """A call that is transferred to a number outside has no leg there: the handoff is told by the contact itself."""
    away = {"TransferCompletedTimestamp": at(5), "DisconnectTimestamp": at(9)}
    outside = {"TransferredToEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+33999999"}}
    talked: dict[str, Any] = {"queue": ("A", 0, 1), "agent": "x", "talk": (1, 5)}
    found = read(connect, write(tmp_path, [contact("a", 0, **talked | away | outside)]))
    assert [(e["handoff_kind"], e["agent"]) for e in found.of_type("handoff")] == [("external", "x")]
    spans = {
        e["actor_type"]: (e["ended_us"] - e["started_us"]) // SECOND
        for e in found.events
        if e["event_type"] in ("agent_connected", "conference_join")
    }
    assert spans == {"agent": 240, "third_party": 240} and not found.note("truncated")
    found = read(connect, write(tmp_path, [contact("a", 0, **talked | away)]))
    assert [e["handoff_kind"] for e in found.of_type("handoff")] == [None] and found.note("truncated")
    # A flow that sends the waiting customer outside: no agent's handoff, and nobody gave up.
    found = read(connect, write(tmp_path, [contact("a", 0, queue=("A", 0, 5), **away | outside)]))
    assert not found.of_type("handoff") and not found.of_type("abandoned")


def test_the_first_agent_was_gone(tmp_path: Path) -> None:
    """Who answers after the first agent has left took over, also where no completed transfer is recorded."""
    legs = [
        contact("a", 0, queue=("A", 0, 1), agent="x", talk=(1, 5)),
        contact("b", 4, queue=("B", 4, 6), agent="y", talk=(6, 9), previous="a", method="TRANSFER"),
    ]
    found = read(connect, write(tmp_path, legs))
    assert [e["handoff_kind"] for e in found.of_type("handoff")] == ["blind"] and found.visits() == ["A", "B"]


def test_a_warm_transfer_whose_legs_begin_together(tmp_path: Path) -> None:
    """Legs without times in a queue that begin in one moment: the call is the second's once the transfer is complete,
    and the first one's work after it is no way back."""
    first = contact("p", 0, agent="x", talk=(1, 5), TransferCompletedTimestamp=at(5), Queue={"Name": "Sales"})
    second = contact("c", 0, agent="y", talk=(4, 9), previous="p", method="TRANSFER", Queue={"Name": "Billing"})
    for late in (5, 6):
        first["Agent"]["AfterContactWorkStartTimestamp"] = at(late)
        found = read(connect, write(tmp_path, [first, second | {"InitialContactId": "p"}]))
        found.events.sort(key=lambda event: (event["started_us"], event["sequence"]))
        assert found.visits() == ["Sales", "Billing"]
        assert [(e["handoff_kind"], e["started_us"] // SECOND % 3600) for e in found.of_type("handoff")] == [
            ("consult", 300)
        ]


@pytest.mark.parametrize(("method", "talked"), [("TRANSFER", 0), ("TRANSFER", 60), ("MONITOR", 60)])
def test_who_only_helps_owns_nothing(tmp_path: Path, method: str, talked: int) -> None:
    """Who is asked, joins or listens in is told by name and owns nothing, also where nobody has a queue."""
    first = contact("a", 0, agent="x", talk=(1, 9))
    second = contact("b", 2, agent="y", talk=(3, 5), previous="a", method=method)
    second["Agent"]["AgentInteractionDuration"] = talked
    found = read(connect, write(tmp_path, [first, second]))
    assert {e["agent"] for e in found.events} == {None, "x"} and "y" in found.column("actor")


def test_envelopes(tmp_path: Path) -> None:
    """Records of a Kinesis stream and answers of DescribeContact are read as what is in them."""
    one = contact("a", 0, queue=("A", 0, 1), agent="x", talk=(1, 5))
    plain, packed = read(connect, write(tmp_path, [one])), base64.b64encode(json.dumps(one).encode()).decode()
    stream = [{"kinesis": {"data": packed}}, {"kinesis": {"data": "?"}}]
    path = write(tmp_path, {"Records": stream})
    found = read(connect, path)
    assert found.column("started_us") == plain.column("started_us") and len(found.rejects) == 1
    assert connect.sniff(SourceFile("x.json", write(tmp_path, {"Records": stream[:1]}, "x.json")))
    answer = {
        "Contact": {
            "Id": "a",
            "InitiationMethod": "INBOUND",
            "Channel": "CHAT",
            "InitiationTimestamp": at(0),
            "QueueInfo": {"Id": "q", "EnqueueTimestamp": at(1)},
            "AgentInfo": {"Id": "x", "ConnectedToAgentTimestamp": at(2)},
        }
    }
    path = write(tmp_path, answer)
    assert connect.sniff(SourceFile("x.json", path)) and read(connect, path).visits() == ["q"]


def test_customers_and_tickets(tmp_path: Path) -> None:
    """Customer and ticket come from mapped attributes, from usual ones, or from the number that calls."""
    one = contact("a", 0, Attributes={"ticketId": "4711", "zendesk_case_number": "12", "kd": "K-9", "thema": "refund"})
    found = read(connect, write(tmp_path, [one]))
    assert {refers_to for _, refers_to, _ in found.references} == {"4711", "zendesk:12"}
    assert set(found.column("customer")) == {"+4930123456"}
    mapped = read(connect, write(tmp_path, [one]), columns={"customer": "kd", "intent": "thema", "case": "kd"})
    assert set(mapped.column("customer")) == {"K-9"} and set(mapped.column("intent")) == {"refund"}
    assert {refers_to for _, refers_to, _ in mapped.references} == {"K-9"}
    hidden = contact("a", 0, CustomerEndpoint={"Type": "TELEPHONE_NUMBER", "Address": "anonymous"})
    assert set(read(connect, write(tmp_path, [hidden])).column("customer")) == {None}


def test_open_contacts_and_odd_values(tmp_path: Path) -> None:
    """Contacts without an end are read up to what is known; unknown channels and methods are counted, not lost."""
    one = contact("a", 0, queue=("A", 1, None), method="TELEPATHY", Channel="SMOKE")
    two = contact("b", 0, queue=("A", 1, 2), agent="x", talk=(2, 4), DisconnectTimestamp="-1")
    two["Agent"] |= {
        "AfterContactWorkStartTimestamp": None,
        "AgentInteractionDuration": -1,
        "CustomerHoldDuration": 10**9,
    }
    found = read(connect, write(tmp_path, [one, two]))
    assert found.note("open") and found.note("unknown values")
    assert {e["channel"] for e in found.events if e["interaction_id"] == "connect:a"} == {"unknown"}
    assert all(e["ended_us"] >= e["started_us"] for e in found.events)
    assert [e["hold_us"] for e in found.of_type("agent_connected")] == [None]


def test_bad_contacts_are_rejected(tmp_path: Path) -> None:
    """Contacts without id or any time, or with objects of another type, are rejected with a reason."""
    bad = [
        {"ContactId": None, "InitiationMethod": "INBOUND"},
        {"ContactId": "x", "InitiationMethod": "INBOUND"},
        contact("y", 0, Queue="Billing"),
        contact("z", 0, Agent=[1]),
        contact("t", 0, DisconnectTimestamp="later"),
    ]
    found = read(connect, write(tmp_path, [*bad, *CONTACTS]))
    assert [reject["line"] for reject in found.rejects] == [1, 2, 3, 4, 5]
    assert set(found.interactions) == {"connect:c-1", "connect:c-2"}
    with pytest.raises(InputError, match="could be used"):
        read(connect, write(tmp_path, bad))


def test_a_transfer_whose_first_leg_is_missing(tmp_path: Path) -> None:
    """A leg whose earlier leg is not in the export starts by itself, keeps the reference, and is noted."""
    found = read(connect, write(tmp_path, [CONTACTS[1], CONTACTS[1]]))
    assert found.events[0]["activity"] == "Transferred in"
    assert ("connect:c-2", "connect:c-1", "initial contact") in found.references
    assert found.note("truncated")


def test_sniff(tmp_path: Path) -> None:
    """Contact records are recognised as lines and as an array, other JSON is not."""
    assert connect.sniff(SourceFile("x", EXAMPLE))
    assert connect.sniff(SourceFile("x", write(tmp_path, json.dumps(CONTACTS))))
    assert not connect.sniff(SourceFile("x", FIXTURES / "zendesk" / "audits.json"))
