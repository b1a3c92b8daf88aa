"""The ways a matter can go: which teams it passes, how often, and how many of its orders are lost.

A route begins at a given moment and returns when the matter was out of the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .case import Case
from .clock import BACK_OFFICE, OFFICE, Hours
from .people import Agent
from .zendesk import Ticket

OPEN_MONDAY = (6.0, 1.0, 0.9, 0.9, 0.8, 0.15, 0.7)  # parcels that did not come on Saturday


def bot(case: Case, at: int) -> int:
    """The bot claims to have solved it."""
    return case.bot_claims(at)


def bot_then_call(team: str) -> Callable[[Case, int], int]:
    """The bot claims to have solved it; the customer calls within days."""

    def go(case: Case, at: int) -> int:
        return case.call(case.later(case.bot_claims(at), 0.3, 4.5), team).last

    return go


def chat(*teams: str) -> Callable[[Case, int], int]:
    """A chat that the bot routes to the first team; each hands it to the next, the last closes."""

    def go(case: Case, at: int) -> int:
        conversation, agent = case.bot_routes(at, teams[0])
        for team in teams[1:]:
            agent = case.pass_chat(conversation, agent, team, 45)
        return case.close_chat(conversation, agent)

    return go


def call(*teams: str, unknown: float = 0.0) -> Callable[[Case, int], int]:
    """A call, transferred from team to team; some callers show no customer key."""

    def go(case: Case, at: int) -> int:
        leg = case.call(at, teams[0], known=not case.dice.chance(unknown))
        for team in teams[1:]:
            leg = case.transfer(leg, team)
        return leg.last

    return go


def ticket(
    *teams: str, minutes: float = 75, unknown: float = 0.0, status_call: float = 0.0
) -> Callable[[Case, int], int]:
    """A ticket that is handed from team to team; the last one solves it."""

    def go(case: Case, at: int) -> int:
        item = case.ticket(at, teams[0], known=not case.dice.chance(unknown))
        done = _along(case, item, case.pick_up(item, 35), teams[1:], minutes)
        if case.dice.chance(status_call):
            case.call(case.later(done, 0.2, 2), "Customer Care", ticketId=str(item.id))
        return done

    return go


def call_and_ticket(*teams: str, minutes: float = 75) -> Callable[[Case, int], int]:
    """A call in which the agent opens a ticket, and hands it to the next team."""

    def go(case: Case, at: int) -> int:
        item, agent = case.call_with_ticket(at, teams[0])
        return _along(case, item, agent, teams[1:], minutes)

    return go


def _along(case: Case, item: Ticket, agent: Agent, teams: tuple[str, ...], minutes: float) -> int:
    for team in teams:
        case.move(item, agent, team)
        agent = case.pick_up(item, minutes)
        if case.dice.chance(0.25):
            case.ask(item, agent)
    return case.solve(item, agent)


def to_delivery_desk(case: Case, at: int) -> int:
    """Customer Care hands over to the Delivery Desk, where Mondays wait for Tuesday; some come back to tell."""
    if OFFICE.left(at) > 3600 and case.dice.chance(0.25):
        item, agent = case.call_with_ticket(at, "Customer Care")
    else:
        item = case.ticket(at)
        agent = case.pick_up(item, 20)
    case.move(item, agent, "Delivery Desk")
    agent = case.pick_up(item, 40)
    if case.dice.chance(0.08):
        case.move(item, agent, "Customer Care")
        agent = case.pick_up(item, 40)
    return case.solve(item, agent)


def refund_loop(case: Case, at: int) -> int:
    """Billing wants the goods checked, Returns wants the payment checked, and so on."""
    item = case.ticket(at)
    agent, turns = case.pick_up(item, 35), case.dice.weighted({3: 0.3, 4: 0.3, 5: 0.25, 6: 0.15})
    for turn in range(turns):
        case.move(item, agent, ("Billing", "Returns")[turn % 2])
        quietly = case.dice.chance(0.65) and turn < turns - 1
        agent = case.pick_up(item, 210, quietly)
        if not quietly and case.dice.chance(0.4):
            case.ask(item, agent)
    return case.solve(item, agent)


def three_silos(case: Case, at: int) -> int:
    """Chat to Order Desk to Warehouse: slow, and nobody has the whole order."""
    conversation, agent = case.bot_routes(at)
    agent = case.pass_chat(conversation, agent, "Order Desk", 260)
    if case.dice.chance(0.4):
        agent = case.pass_chat(conversation, agent, "Warehouse", 360)
        conversation.note(BACK_OFFICE.after(conversation.last, case.dice.around(200, 0.3) * 60), agent)
        conversation.says(conversation.last + case.dice.whole(60, 900), agent)
        return case.close_chat(conversation, agent)
    item = case.ticket(conversation.last + case.dice.whole(200, 900), "Order Desk", agent)
    conversation.note(item.last + case.dice.whole(10, 60), agent)
    case.close_chat(conversation, agent)
    item.move(max(item.last, conversation.last) + case.dice.whole(60, 400), agent, "Warehouse")
    agent = case.pick_up(item, 360)
    return case.solve(item, agent, 120, 300)


@dataclass(frozen=True)
class Route:
    """One way: for which intent, how many, the share of orders lost, when, and how.

    `moment`: before (the order follows), transit (before delivery), after (delivery), alone (no order).
    """

    name: str
    intent: str
    count: int
    lost: float
    moment: str
    go: Callable[[Case, int], int]
    hours: Hours | None = None
    weekdays: tuple[float, ...] | None = None
    days: int = 24  # at most from its first to its last event


_LOST = {"delivery": 0.12, "complaint": 0.25, "refund": 0.60, "invoice": 0.08, "product": 0.06, "account": 0.0}
_BEFORE = {"product": "before", "account": "alone", "delivery": "transit", "complaint": "transit"}


def _route(
    name: str,
    intent: str,
    count: int,
    go: Callable[[Case, int], int],
    hours: Hours | None = None,
    lost: float | None = None,
    weekdays: tuple[float, ...] | None = None,
    days: int = 28,
    moment: str | None = None,
) -> Route:
    rate, when = _LOST[intent] if lost is None else lost, moment or _BEFORE.get(intent, "after")
    return Route(name, intent, count, rate, when, go, hours, weekdays, days)


ROUTES = (
    _route("bot solves", "delivery", 100, bot),
    _route("bot claims, call", "delivery", 7, bot_then_call("Customer Care")),
    _route("chat", "delivery", 80, chat("Web Chat"), OFFICE),
    _route("call", "delivery", 90, call("Customer Care", unknown=0.08), OFFICE),
    _route("delivery desk", "delivery", 400, to_delivery_desk, weekdays=OPEN_MONDAY),
    _route("transferred call", "delivery", 60, call("Customer Care", "Delivery Desk"), BACK_OFFICE),
    _route("three silos", "delivery", 115, three_silos, OFFICE, lost=0.55, days=36),
    _route("chat to orders", "delivery", 50, chat("Web Chat", "Order Desk"), BACK_OFFICE, lost=0.06),
    _route("orders to warehouse", "delivery", 45, call_and_ticket("Order Desk", "Warehouse"), BACK_OFFICE, lost=0.06),
    _route("complaints", "complaint", 70, ticket("Customer Care", "Complaints")),
    _route("complaint by call", "complaint", 45, call_and_ticket("Customer Care", "Complaints"), BACK_OFFICE),
    _route("three silos", "complaint", 55, three_silos, OFFICE, lost=0.70, days=36),
    _route("billing then returns", "complaint", 14, ticket("Customer Care", "Billing", "Returns", minutes=150)),
    _route("chat to orders", "complaint", 30, chat("Web Chat", "Order Desk"), BACK_OFFICE, lost=0.17),
    _route("orders to warehouse", "complaint", 30, call_and_ticket("Order Desk", "Warehouse"), BACK_OFFICE, lost=0.17),
    _route("refund loop", "refund", 105, refund_loop, days=44),
    _route("billing then returns", "refund", 55, ticket("Customer Care", "Billing", "Returns", minutes=150)),
    _route("returns", "refund", 60, ticket("Customer Care", "Returns", status_call=0.2)),
    _route("billing", "refund", 55, ticket("Customer Care", "Billing", status_call=0.2)),
    _route("billing by call", "refund", 45, call("Billing"), BACK_OFFICE),
    _route("chat", "refund", 35, chat("Web Chat"), OFFICE),
    _route("bot claims, call", "invoice", 85, bot_then_call("Billing")),
    _route("bot solves", "invoice", 55, bot),
    _route("billing by call", "invoice", 60, call("Billing"), BACK_OFFICE),
    _route("billing", "invoice", 45, ticket("Customer Care", "Billing")),
    _route("billing then returns", "invoice", 12, ticket("Customer Care", "Billing", "Returns", minutes=150)),
    _route("bot solves", "product", 100, bot),
    _route("bot claims, call", "product", 5, bot_then_call("Sales Advice")),
    _route("chat", "product", 90, chat("Sales Advice"), OFFICE),
    _route("call", "product", 90, call("Sales Advice", unknown=0.1), OFFICE),
    _route("ticket", "product", 45, ticket("Sales Advice")),
    _route("bot solves", "account", 50, bot),
    _route("bot claims, call", "account", 3, bot_then_call("Customer Care")),
    _route("chat", "account", 50, chat("Account Help"), BACK_OFFICE),
    _route("ticket", "account", 45, ticket("Customer Care", "Account Help", unknown=0.08)),
    _route("call", "account", 40, call("Customer Care", unknown=0.08), OFFICE),
)
QUIET_ORDERS, QUIET_LOST = 520, 0.05  # orders that nobody asks about
