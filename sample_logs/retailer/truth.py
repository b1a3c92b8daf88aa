"""What is hidden in the exports, counted from the plan (the tests count it again from the files)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from .case import World
from .clock import END, START, iso, local
from .connect import Leg
from .dice import SEED
from .intercom import CLAIMS, Chat
from .orders import Order
from .plan import Matter
from .visitors import Visitors
from .zendesk import Audit, Ticket

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LOOP, QUEUE = ("Billing", "Returns"), "Delivery Desk"
PATH, DECOY = ("Digital", "Sales", "Logistics"), ("Service", "Finance", "Logistics")
_DECOY_ROUTES = ("billing then returns", "refund loop")


def tell(world: World, matters: list[Matter], visitors: Visitors, files: dict[str, dict[str, int]]) -> dict[str, Any]:
    """Everything that is planted, with numbers and ids."""
    return {
        "seed": SEED,
        "from": iso(START),
        "to": iso(END),
        "files": files,
        "refund_loop": _loop(world.zendesk.tickets),
        "monday_queue": _queue(world),
        "lossy_path": _path(matters),
        "decoy_path": _decoy(matters),
        "false_containment": _bot(world, matters),
        "software_agents": _agents(world, visitors),
        "customers": _customers(world),
    }


def handovers(ticket: Ticket) -> Iterator[tuple[Audit, Audit | None]]:
    """Each move to another group by an agent, with the receiving team's first own action if there is one."""
    for n, audit in enumerate(ticket.audits):
        if audit.moved_to:
            later = (a for a in ticket.audits[n + 1 :] if a.agent is not None)
            yield audit, next(later, None)


def _hours(seconds: Iterable[int]) -> dict[str, Any]:
    """Count, total and nearest-rank median and p95 in hours."""
    s = sorted(seconds)
    at = {p: s[(p * len(s) + 99) // 100 - 1] if s else 0 for p in (50, 95)}
    return {"n": len(s), "total_h": _h(sum(s)), "median_h": _h(at[50]), "p95_h": _h(at[95])}


def _h(seconds: float) -> float:
    return round(seconds / 3600, 2)


def _loop(tickets: list[Ticket]) -> dict[str, Any]:
    found, between, bounces, waits = [], 0, 0, 0
    for ticket in tickets:
        stops = [audit.team for audit, _ in handovers(ticket)]
        stops += [next_.team for _, next_ in list(handovers(ticket))[-1:] if next_]
        run = [team for team in stops if team in LOOP]
        if len(run) < 3:
            continue
        found.append(ticket.id)
        bounces += len(run) - 2
        for audit, answer in handovers(ticket):
            if answer and audit.team in LOOP and audit.moved_to in LOOP:
                between, waits = between + 1, waits + answer.at - audit.at
    return {
        "teams": list(LOOP),
        "intent": "refund",
        "file": "zendesk_audits.json",
        "tickets": len(found),
        "handoffs_between_them": between,
        "bounces": bounces,
        "wait_h": _h(waits),
        "ticket_ids": found,
    }


def _queue(world: World) -> dict[str, Any]:
    tickets, calls = defaultdict(list), defaultdict(list)
    for ticket in world.zendesk.tickets:
        for audit, answer in handovers(ticket):
            if audit.moved_to == QUEUE and answer:
                tickets[WEEKDAYS[local(audit.at)[1]]].append(answer.at - audit.at)
    for leg in world.connect.legs:
        if leg.team == QUEUE and leg.answered_at is not None:
            calls[WEEKDAYS[local(leg.queued_at)[1]]].append(leg.answered_at - leg.queued_at)
    return {
        "team": QUEUE,
        "weekday": "Monday",
        "ticket_waits": {day: _hours(tickets[day]) for day in WEEKDAYS if tickets[day]},
        "call_waits": {day: _hours(calls[day]) for day in WEEKDAYS if calls[day]},
    }


def _rates(groups: dict[bool, list[Order]]) -> dict[str, Any]:
    """Orders with and without the path: how many, how many lost, and the median days to their end."""
    result = {}
    for on_path, name in ((True, "with"), (False, "without")):
        orders = groups[on_path]
        lost = sum(order.lost for order in orders)
        days = sorted(order.final - order.placed for order in orders)
        result[name] = {
            "orders": len(orders),
            "lost": lost,
            "lost_share": round(lost / len(orders), 4),
            "median_days": round(days[(len(days) + 1) // 2 - 1] / 86400, 2),
        }
    return result


def _asked(matters: list[Matter]) -> Iterator[tuple[str, str, Order]]:
    """Route, intent and order of every matter with a known end whose contacts show the customer's key."""
    for matter in matters:
        if not (matter.route and matter.case and matter.order):
            continue
        if matter.order.known and any(map(_named, matter.case.touched)):
            yield matter.route.name, matter.route.intent, matter.order


def _named(record: Ticket | Chat | Leg) -> bool:
    if isinstance(record, Ticket):
        return record.requester_id == record.customer.user_id
    return isinstance(record, Chat) or "customerId" in record.attributes


def _by_intent(matters: list[Matter], routes: Iterable[str], intents: Iterable[str]) -> dict[str, Any]:
    groups: dict[str, dict[bool, list[Order]]] = {intent: {True: [], False: []} for intent in intents}
    for route, intent, order in _asked(matters):
        if intent in groups:
            groups[intent][route in routes].append(order)
    return {intent: _rates(group) for intent, group in groups.items()}


def _path(matters: list[Matter]) -> dict[str, Any]:
    intents = _by_intent(matters, ("three silos",), ("delivery", "complaint"))
    orders = [order for route, _, order in _asked(matters) if route == "three silos"]
    value = 0.0
    for route, intent, order in _asked(matters):
        if route == "three silos":
            value += order.value * (intents[intent]["with"]["lost_share"] - intents[intent]["without"]["lost_share"])
    return {
        "silos": list(PATH),
        "teams": ["Web Chat", "Order Desk", "Warehouse"],
        "orders": len(orders),
        "lost": sum(order.lost for order in orders),
        "value_lost_eur": round(value, 2),
        "intents": intents,
        "order_ids": sorted(order.id for order in orders),
    }


def _decoy(matters: list[Matter]) -> dict[str, Any]:
    intents = _by_intent(matters, _DECOY_ROUTES, ("refund", "complaint", "invoice"))
    groups: dict[bool, list[Order]] = {True: [], False: []}
    for route, _, order in _asked(matters):
        groups[route in _DECOY_ROUTES].append(order)
    return {"silos": list(DECOY), "all_intents_together": _rates(groups), "intents": intents}


def _bot(world: World, matters: list[Matter]) -> dict[str, Any]:
    claimed, back, ids = Counter[str](), Counter[str](), []
    for any_chat in world.intercom.chats:
        claimed[any_chat.intent or ""] += any_chat.resolution in CLAIMS
    for matter in matters:
        if matter.route and matter.route.name == "bot claims, call" and matter.case:
            chat, call = matter.case.touched[0], matter.case.touched[1]
            if isinstance(chat, Chat) and chat.resolution in CLAIMS and _there(world, call):
                back[matter.route.intent] += 1
                ids.append(chat.id)
    intents = {intent: {"claimed": claimed[intent], "back_by_phone": back[intent]} for intent in sorted(back)}
    return {
        "bot": "Fin",
        "states": list(CLAIMS),
        "within_days": 7,
        "intent": "invoice",
        "intents": intents,
        "conversation_ids": sorted(ids),
    }


def _there(world: World, call: Any) -> bool:
    return any(leg is call for leg in world.connect.legs)


def _customers(world: World) -> dict[str, Any]:
    """Whose each contact is that does not say so: interaction → customer key, by what else gives them away."""
    nameless = [leg for leg in world.connect.legs if "customerId" not in leg.attributes]
    calls = {f"connect:{leg.contact_id}": leg.customer.key for leg in nameless}
    writers = [t for t in world.zendesk.tickets if t.requester_id != t.customer.user_id]
    known = {f"zendesk:{t.id}": t.customer.key for t in writers if t.id % 2}
    other = {f"zendesk:{t.id}": t.customer.key for t in writers if not t.id % 2}
    return {"callers_by_number": calls, "writers_by_address": known, "writers_from_another_address": other}


def _agents(world: World, visitors: Visitors) -> dict[str, Any]:
    contacts = Counter[str]()
    contacts.update(leg.customer.key for leg in world.connect.legs)
    contacts.update(chat.customer.key for chat in world.intercom.chats)
    contacts.update(ticket.customer.key for ticket in world.zendesk.tickets)
    return {
        "customers": {key: contacts[key] for key in visitors.machines},
        "declared": visitors.declared,
        "busy_people": {key: contacts[key] for key in visitors.busy},
    }
