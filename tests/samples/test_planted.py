"""What is hidden in the sample logs, counted by brute force from the exports themselves."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from datetime import timedelta
from statistics import median_low
from typing import Any

from tests.samples import raw


def _hours(delta: timedelta) -> float:
    return delta.total_seconds() / 3600


def test_refund_loop() -> None:
    """Billing and Returns send exactly the planted tickets back and forth."""
    planted = raw.truth()["refund_loop"]
    teams, found, between, bounces, wait = set(planted["teams"]), [], 0, 0, 0.0
    for ticket in raw.tickets():
        owners = [owner for _, owner in raw.ticket_steps(ticket) if owner in teams]
        run = [o for i, o in enumerate(owners) if i == 0 or owners[i - 1] != o]
        if len(run) < 3:
            continue
        found.append(ticket)
        bounces += len(run) - 2
        for at, old, new, answer in raw.ticket_moves(ticket):
            if {old, new} == teams and answer:
                between, wait = between + 1, wait + _hours(answer - at)
        assert raw.intent_of(ticket) == planted["intent"]
    assert sorted(found) == planted["ticket_ids"]
    assert (len(found), between, bounces) == (planted["tickets"], planted["handoffs_between_them"], planted["bounces"])
    assert round(wait, 2) == planted["wait_h"]
    assert bounces > 150


def test_monday_queue() -> None:
    """Tickets handed to the Delivery Desk on Mondays wait for Tuesday, the others do not wait."""
    planted = raw.truth()["monday_queue"]
    waits = defaultdict(list)
    for ticket in raw.tickets():
        for at, _, new, answer in raw.ticket_moves(ticket):
            if new == planted["team"] and answer:
                waits[raw.weekday(at)].append(answer - at)
    found = {
        day: (len(w), round(_hours(sum(w, timedelta())), 2), round(_hours(median_low(w)), 2))
        for day, w in waits.items()
    }
    assert found == {d: (w["n"], w["total_h"], w["median_h"]) for d, w in planted["ticket_waits"].items()}
    monday = found.pop("Monday")
    assert monday[2] > 20 and all(other[2] < 2 for other in found.values())
    assert monday[1] > 5 * sum(other[1] for other in found.values())


def test_monday_queue_is_the_worst() -> None:
    """No other team's handed-over tickets and chats wait longer in total than the Delivery Desk's on Mondays alone."""
    waits: Counter[str] = Counter()
    for ticket in raw.tickets():
        for at, _, new, answer in raw.ticket_moves(ticket):
            waits[new] += round(_hours(answer - at)) if answer else 0
    for chat in raw.conversations():
        steps = raw.chat_steps(chat)
        for (left, old), (came, new) in itertools.pairwise(steps):
            waits[new] += round(_hours(came - left)) if old != new else 0
    delivery = waits.pop("Delivery Desk")
    assert delivery > 1.1 * max(waits.values())
    assert raw.truth()["monday_queue"]["ticket_waits"]["Monday"]["total_h"] > max(waits.values())


def test_monday_calls() -> None:
    """Callers passed on to the Delivery Desk wait long on Mondays only."""
    planted, waits = raw.truth()["monday_queue"]["call_waits"], defaultdict(list)
    for call in raw.contacts().values():
        if call["Queue"]["Name"] == "Delivery Desk":
            waits[raw.weekday(raw.when(call["Queue"]["EnqueueTimestamp"]))].append(call["Queue"]["Duration"] / 3600)
    assert {d: len(w) for d, w in waits.items()} == {d: w["n"] for d, w in planted.items()}
    assert min(waits.pop("Monday")) > max(max(w) for w in waits.values())


def _asked() -> list[tuple[str, str, float, bool, tuple[str, ...]]]:
    """Each order that a person asked about and whose end is known: id, intent, value, lost, silos in order."""
    found, machines = [], raw.truth()["software_agents"]
    apart = {*machines["customers"], *machines["busy_people"]}
    for order, rows in raw.orders().items():
        steps = raw.around_order(order)
        outcome, intents = rows[-1]["outcome"], [i for *_, i in steps if i]
        if outcome and steps and rows[0]["customer_id"] not in apart:
            value = float(rows[-1]["value_eur"])
            found.append((order, intents[0] if intents else "", value, outcome == "lost", raw.silo_sequence(steps)))
    return found


def _compare(path: list[str], intent: str | None) -> dict[str, Any]:
    groups = defaultdict(list)
    for _, own, _, lost, silos in _asked():
        if intent in (None, own):
            groups["with" if raw.holds(silos, path) else "without"].append(lost)
    return {side: {"orders": len(g), "lost": sum(g)} for side, g in groups.items()}


def _counts(planted: dict[str, Any]) -> dict[str, Any]:
    return {side: {name: planted[side][name] for name in ("orders", "lost")} for side in ("with", "without")}


def _z(groups: dict[str, Any]) -> float:
    """How many standard errors the two shares of lost orders are apart."""
    a, b = groups["with"], groups["without"]
    share = (a["lost"] + b["lost"]) / (a["orders"] + b["orders"])
    gap = a["lost"] / a["orders"] - b["lost"] / b["orders"]
    return gap / (share * (1 - share) * (1 / a["orders"] + 1 / b["orders"])) ** 0.5


def test_lossy_path() -> None:
    """Orders whose customer is passed from Digital to Sales to Logistics are lost far more often, at equal intent."""
    planted = raw.truth()["lossy_path"]
    on_path = [
        (o, intent, value, lost) for o, intent, value, lost, silos in _asked() if raw.holds(silos, planted["silos"])
    ]
    assert sorted(o for o, *_ in on_path) == planted["order_ids"]
    assert (len(on_path), sum(lost for *_, lost in on_path)) == (planted["orders"], planted["lost"])
    assert {intent for _, intent, *_ in on_path} == set(planted["intents"])
    value = 0.0
    for intent, told in planted["intents"].items():
        found = _compare(planted["silos"], intent)
        assert found == _counts(told)
        assert _z(found) > 5
        gap = found["with"]["lost"] / found["with"]["orders"] - found["without"]["lost"] / found["without"]["orders"]
        value += gap * sum(v for _, i, v, _ in on_path if i == intent)
    assert abs(value - planted["value_lost_eur"]) < 1


def test_lossy_path_needs_all_three() -> None:
    """Neither of the path's two halves alone loses more orders than the rest of its intent."""
    planted = raw.truth()["lossy_path"]
    for intent in planted["intents"]:
        rest = [
            (lost, silos)
            for _, own, _, lost, silos in _asked()
            if own == intent and not raw.holds(silos, planted["silos"])
        ]
        for half in (planted["silos"][:2], planted["silos"][1:]):
            groups = {
                side: [lost for lost, silos in rest if raw.holds(silos, half) == flag]
                for side, flag in (("with", True), ("without", False))
            }
            assert len(groups["with"]) >= 20
            assert -2 < _z({side: {"orders": len(g), "lost": sum(g)} for side, g in groups.items()}) < 0.5


def test_decoy_path() -> None:
    """Service to Finance to Logistics looks bad over all intents and is no worse within any of them."""
    planted = raw.truth()["decoy_path"]
    together = _compare(planted["silos"], None)
    assert together == _counts(planted["all_intents_together"])
    assert _z(together) > 5
    for intent, told in planted["intents"].items():
        found = _compare(planted["silos"], intent)
        assert found == _counts(told)
        assert abs(_z(found)) < 1


def test_false_containment() -> None:
    """Of the chats that the bot claims to have solved, those about invoices come back by phone within a week."""
    planted = raw.truth()["false_containment"]
    calls = defaultdict(list)
    for call in raw.contacts().values():
        if not call["PreviousContactId"]:
            attributes = call["Attributes"]
            calls[attributes.get("customerId"), attributes.get("intent")].append(raw.when(call["InitiationTimestamp"]))
    claimed, back, ids = Counter[str](), Counter[str](), []
    for chat in raw.conversations():
        state, intent = chat["ai_agent"]["resolution_state"], chat["custom_attributes"]["intent"]
        if state not in planted["states"]:
            continue
        claimed[intent] += 1
        end = raw.when(chat["updated_at"])
        if any(timedelta() < at - end <= timedelta(days=7) for at in calls[raw.chat_customer(chat), intent]):
            back[intent] += 1
            ids.append(int(chat["id"]))
    assert {i: {"claimed": claimed[i], "back_by_phone": back[i]} for i in claimed} == planted["intents"]
    assert sorted(ids) == planted["conversation_ids"]
    share = {intent: back[intent] / claimed[intent] for intent in claimed}
    assert share.pop(planted["intent"]) > 0.5 and max(share.values()) < 0.1


def _starts() -> dict[str, list[tuple[Any, str, str]]]:
    """Each customer's calls and chats: when, the text's fingerprint, the user agent."""
    found = defaultdict(list)
    for call in raw.contacts().values():
        own = call["Attributes"]
        if "customerId" in own:
            entry = (raw.when(call["InitiationTimestamp"]), own.get("openingText", ""), own.get("userAgent", ""))
            found[own["customerId"]].append(entry)
    for chat in raw.conversations():
        entry = (raw.when(chat["created_at"]), chat["source"]["body"], chat["custom_attributes"].get("user_agent", ""))
        found[raw.chat_customer(chat)].append(entry)
    return {key: sorted(entries) for key, entries in found.items()}


def test_software_agents() -> None:
    """Exactly the planted customers get in touch at a machine's cadence in always the same words; some declare it."""
    planted, machines, declared = raw.truth()["software_agents"], set(), set()
    for customer, entries in _starts().items():
        gaps = [round((b[0] - a[0]) / timedelta(minutes=1)) for a, b in itertools.pairwise(entries)]
        steady = [gap for gap, n in Counter(gaps).items() if n >= len(gaps) / 2 and n > 10]
        if steady and len({text for _, text, _ in entries}) == 1:
            machines.add(customer)
        if any(agent for *_, agent in entries):
            declared.add(customer)
    assert machines == set(planted["customers"])
    assert declared == set(planted["declared"]) and declared < machines
    assert {key: len(_starts()[key]) for key in machines} == planted["customers"]


def test_busy_people() -> None:
    """Some people get in touch nearly as often as the software does, by day and in other words each time."""
    planted = raw.truth()["software_agents"]["busy_people"]
    assert len(planted) >= 8 and min(planted.values()) >= 8
    for customer in planted:
        texts = [text for _, text, _ in _starts()[customer] if text]
        assert len(set(texts)) == len(texts)
