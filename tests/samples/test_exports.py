"""The sample exports are consistent, each in itself and with each other."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from tests.samples import raw


def test_counts() -> None:
    """The files hold as many records as truth.json says, duplicates apart."""
    files = raw.truth()["files"]
    audits = [audit["id"] for page in raw.pages() for audit in page["audits"]]
    unique = sum(len(audits) for audits in raw.tickets().values())
    assert files["zendesk_audits.json"] == {
        "tickets": len(raw.tickets()),
        "audits": unique,
        "audits_twice": len(audits) - unique,
    }
    calls = raw.contacts().values()
    assert files["connect_contacts.jsonl"] == {
        "contacts": len(calls),
        "redelivered": len(raw.contact_lines()) - len(calls),
        "abandoned": sum(c["Agent"] is None for c in calls),
        "transfers": sum(c["PreviousContactId"] is not None for c in calls),
    }
    parts = sum(len(c["conversation_parts"]["conversation_parts"]) for c in raw.conversations())
    assert files["intercom_conversations.json"] == {"conversations": len(raw.conversations()), "parts": parts}
    rows = sum(len(rows) for rows in raw.orders().values())
    assert files["orders.csv"] == {"orders": len(raw.orders()), "rows": rows}


def test_duplicates() -> None:
    """Some audits come on two pages unchanged; some contacts come again with a later update, not in order."""
    assert raw.truth()["files"]["zendesk_audits.json"]["audits_twice"] > 0
    seen: dict[int, str] = {}
    for page in raw.pages():
        for audit in page["audits"]:
            assert seen.setdefault(audit["id"], str(audit)) == str(audit)
    order = [record["LastUpdateTimestamp"] for record in raw.contact_lines()]
    assert order != sorted(order)
    again = Counter(record["ContactId"] for record in raw.contact_lines())
    assert max(again.values()) == 2
    for twice in (key for key, n in again.items() if n == 2):
        first, second = (r for r in raw.contact_lines() if r["ContactId"] == twice)
        assert first["LastUpdateTimestamp"] != second["LastUpdateTimestamp"]


def test_ticket_times() -> None:
    """The audits of a ticket are in strict order of time and id, from its creation on."""
    for audits in raw.tickets().values():
        assert audits[0]["events"][0]["type"] == "Create"
        for before, after in pairwise(audits):
            assert before["created_at"] < after["created_at"] and before["id"] < after["id"]


def test_ticket_changes_chain() -> None:
    """Every change starts from the value that the one before left."""
    for audits in raw.tickets().values():
        values: dict[str, str | None] = {"assignee_id": None}
        for event in (e for audit in audits for e in audit["events"] if e.get("field_name")):
            if event["type"] == "Change":
                assert values[event["field_name"]] == event["previous_value"] != event["value"]
            values[event["field_name"]] = event["value"]


def test_agents_act_in_their_own_group() -> None:
    """An agent acts on a ticket only while it is in their own group."""
    for ticket, audits in raw.tickets().items():
        acting = [a["author_id"] for a in audits if raw.is_agent(a["author_id"])]
        for user, (_, team) in zip(acting, raw.ticket_steps(ticket), strict=True):
            assert raw.side_loaded("groups")[raw.side_loaded("users")[user]["default_group_id"]]["name"] == team


def test_side_loaded_totals() -> None:
    """The tickets' own totals are those of their audits."""
    for ticket, audits in raw.tickets().items():
        totals = raw.side_loaded("tickets")[ticket]["metric_set"]
        fields = [e for audit in audits for e in audit["events"]]
        assert totals["group_stations"] == sum(e.get("field_name") == "group_id" for e in fields)
        statuses = [(e.get("previous_value"), e["value"]) for e in fields if e.get("field_name") == "status"]
        assert totals["reopens"] == statuses.count(("solved", "open"))


def test_contact_times() -> None:
    """A contact's times follow each other and its durations are their differences."""
    for call in raw.contacts().values():
        agent, queue = call["Agent"], call["Queue"]
        stamps = [call["InitiationTimestamp"], queue["EnqueueTimestamp"], queue["DequeueTimestamp"]]
        if agent:
            stamps += [agent["ConnectedToAgentTimestamp"], call["DisconnectTimestamp"]]
            stamps += [agent["AfterContactWorkStartTimestamp"], agent["AfterContactWorkEndTimestamp"]]
            talk = raw.when(call["DisconnectTimestamp"]) - raw.when(agent["ConnectedToAgentTimestamp"])
            assert talk.total_seconds() == agent["AgentInteractionDuration"] + agent["CustomerHoldDuration"]
        stamps.append(call["LastUpdateTimestamp"])
        assert stamps == sorted(stamps)
        wait = raw.when(queue["DequeueTimestamp"]) - raw.when(queue["EnqueueTimestamp"])
        assert wait.total_seconds() == queue["Duration"]


def test_one_call_at_a_time() -> None:
    """No agent talks to two callers at once."""
    spans: dict[str, list[tuple[str, str]]] = {}
    for call in raw.contacts().values():
        if call["Agent"]:
            own = spans.setdefault(call["Agent"]["Username"], [])
            own.append((call["Agent"]["ConnectedToAgentTimestamp"], call["DisconnectTimestamp"]))
    for own in spans.values():
        assert all(before[1] <= after[0] for before, after in pairwise(sorted(own)))


def test_transfers() -> None:
    """A transferred leg begins before its parent's end, and both name each other and the first contact."""
    for call in raw.contacts().values():
        if call["PreviousContactId"]:
            parent = raw.contacts()[call["PreviousContactId"]]
            assert parent["NextContactId"] == call["ContactId"]
            assert call["InitialContactId"] == parent["ContactId"]
            assert call["InitiationTimestamp"] < parent["TransferCompletedTimestamp"] == parent["DisconnectTimestamp"]


def test_chat_times() -> None:
    """The parts of a conversation are in strict order; its totals are those of its parts."""
    for chat in raw.conversations():
        parts = chat["conversation_parts"]["conversation_parts"]
        times = [chat["created_at"], *(part["created_at"] for part in parts)]
        assert all(before < after for before, after in pairwise(times))
        assert chat["updated_at"] == times[-1]
        assert chat["conversation_parts"]["total_count"] == len(parts)
        assert chat["statistics"]["count_assignments"] == sum(p["part_type"] == "assignment" for p in parts)


def test_ids_are_unique() -> None:
    """No id of an event, a part or a conversation is used twice."""
    events = [e["id"] for audits in raw.tickets().values() for audit in audits for e in audit["events"]]
    parts = [p["id"] for chat in raw.conversations() for p in chat["conversation_parts"]["conversation_parts"]]
    for ids in (events, parts, [chat["id"] for chat in raw.conversations()]):
        assert len(ids) == len(set(ids))


def test_orders_end_last() -> None:
    """An order's steps follow each other, and its final row comes after all actions in contacts about it."""
    known = {"completed", "lost"}
    for order, rows in raw.orders().items():
        times = [row["time"] for row in rows]
        assert times == sorted(times) and rows[0]["step"] == "placed"
        assert {row["outcome"] for row in rows[:-1]} <= {""}
        if rows[-1]["outcome"] in known:
            later = [s for s in raw.customer_steps().get(rows[0]["customer_id"], []) if s[0] > raw.when(times[-1])]
            assert all((s[0] - raw.when(times[-1])).days >= 7 for s in later), order


def test_ticket_ids_on_calls() -> None:
    """A ticket id on a call names a ticket of the same customer."""
    named = [c["Attributes"] for c in raw.contacts().values() if c["Attributes"].get("ticketId")]
    assert len(named) > 100
    for attributes in named:
        assert raw.customer_of(int(attributes["ticketId"])) == attributes["customerId"]


def test_every_team_has_a_silo() -> None:
    """Every owner in the exports is in teams.csv."""
    owners = {owner for steps in raw.customer_steps().values() for _, owner, _ in steps}
    assert owners == set(raw.silos())


def test_night_is_quiet() -> None:
    """Agents act on weekdays between 7:30 and 20 o'clock and on Saturdays, never on Sundays or on Good Friday."""
    for steps in raw.customer_steps().values():
        for at, owner, _ in steps:
            local = at.astimezone(raw.BERLIN)
            if owner != raw.BOT:
                assert local.weekday() < 6 and 7 <= local.hour < 20 and (local.month, local.day) != (4, 3), (at, owner)


def test_text_free() -> None:
    """No export holds anybody's words: bodies are empty or placeholders."""
    bodies = {e["body"] for audits in raw.tickets().values() for a in audits for e in a["events"] if "body" in e}
    assert bodies == {"[text removed]"}
    assert all(chat["source"]["body"].startswith("[text ") for chat in raw.conversations())
