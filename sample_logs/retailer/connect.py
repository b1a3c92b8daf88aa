"""Calls, written as Amazon Connect contact records, one JSON line each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .clock import DAY, END, MON, iso, local
from .dice import Dice
from .people import TEAMS, Agent, Customer, Staff


@dataclass
class Leg:
    """One contact record: a caller, a queue and mostly an agent."""

    contact_id: str
    customer: Customer
    team: str
    at: int  # InitiationTimestamp
    queued_at: int
    answered_at: int | None
    ended_at: int
    hold_s: int
    holds: int
    after_work_s: int
    agent: Agent | None
    attributes: dict[str, str]
    previous: Leg | None = None
    next_id: str | None = None
    transferred: bool = False
    reason: str | None = "CUSTOMER_DISCONNECT"

    @property
    def last(self) -> int:
        """When the agent was done with it."""
        return self.ended_at + self.after_work_s

    @property
    def first(self) -> Leg:
        """The leg that began the call."""
        return self.previous.first if self.previous else self


@dataclass
class Connect:
    """All calls of the retailer."""

    staff: Staff
    legs: list[Leg] = field(default_factory=list)

    def call(
        self,
        dice: Dice,
        customer: Customer,
        at: int,
        team: str,
        intent: str | None,
        talk_s: float,
        previous: Leg | None = None,
        known: bool = True,
        attributes: Mapping[str, str] | None = None,
    ) -> Leg:
        """A call that gets through; with `previous`, the leg it was transferred from."""
        queued = at if previous else at + dice.whole(14, 55)
        hold_s = dice.whole(20, 150) if dice.chance(0.25) else 0
        talk, after = int(talk_s) + hold_s, dice.whole(25, 140)
        agent, answered = self.staff.free(team, queued + _wait(dice, team, queued), talk + after, dice)
        leg = Leg(
            _uuid(dice),
            customer,
            team,
            at,
            queued,
            answered,
            answered + talk,
            hold_s,
            int(hold_s > 0),
            after,
            agent,
            _attributes(customer, intent, known, attributes or {}),
            previous,
        )
        if dice.chance(0.1):
            leg.reason = "AGENT_DISCONNECT"
        self.legs.append(leg)
        return leg

    def transfer(self, dice: Dice, leg: Leg, team: str, talk_s: float) -> Leg:
        """The agent passes the caller to another queue; the attributes travel with the call."""
        at = leg.ended_at - dice.whole(5, 15)
        more = {k: v for k, v in leg.attributes.items() if k not in ("customerId", "intent")}
        child = self.call(dice, leg.customer, at, team, leg.attributes.get("intent"), talk_s, leg, attributes=more)
        leg.next_id, leg.transferred, leg.reason = child.contact_id, True, "AGENT_DISCONNECT"
        return child

    def abandon(self, dice: Dice, customer: Customer, at: int, team: str, intent: str | None) -> Leg:
        """A caller who hangs up in the queue."""
        queued = at + dice.whole(14, 55)
        leg = Leg(
            _uuid(dice),
            customer,
            team,
            at,
            queued,
            None,
            queued + dice.whole(45, 400),
            0,
            0,
            0,
            None,
            _attributes(customer, intent, True, {}),
        )
        self.legs.append(leg)
        return leg

    def cut(self) -> None:
        """Forget what comes after the export."""
        self.legs = [leg for leg in self.legs if leg.first.at < END]

    def write(self) -> tuple[str, int]:
        """The records as they were delivered (at least once, not in order), and how many came twice."""
        dice, twice = Dice("connect delivery"), 0
        rows: list[tuple[int, int, dict[str, Any]]] = []
        for leg in self.legs:
            updated = leg.last + dice.whole(15, 90)
            rows.append((updated + dice.whole(0, 5400), len(rows), _record(leg, updated)))
            later = updated + int(dice.between(0.2, 6) * DAY)
            if dice.chance(0.03) and later < END:  # the survey comes days later and the record is sent once more
                record = _record(leg, later)
                record["Attributes"] = {**leg.attributes, "csat": str(dice.whole(1, 5))}
                rows.append((updated if dice.chance(0.3) else later, len(rows), record))
                twice += 1
        return "".join(json.dumps(row[2], separators=(",", ":")) + "\n" for row in sorted(rows, key=_order)), twice


def _order(row: tuple[int, int, dict[str, Any]]) -> tuple[int, int]:
    return row[0], row[1]


def _wait(dice: Dice, team: str, at: int) -> int:
    """Seconds in the queue: the Delivery Desk is slow on Mondays, the others nearly never."""
    if team == "Delivery Desk" and local(at)[1] == MON:
        return int(dice.between(11 * 60, 26 * 60))
    return min(int(dice.around(48, 0.8)), 600)


def _uuid(dice: Dice) -> str:
    return f"{dice.code(8)}-{dice.code(4)}-4{dice.code(3)}-a{dice.code(3)}-{dice.code(12)}"


def _attributes(customer: Customer, intent: str | None, known: bool, more: Mapping[str, str]) -> dict[str, str]:
    named = {"customerId": customer.key if known else None, "intent": intent, **more}
    return {name: value for name, value in named.items() if value is not None}


def _record(leg: Leg, updated: int) -> dict[str, Any]:
    until = leg.answered_at if leg.answered_at is not None else leg.ended_at
    queue = {"Name": leg.team, "EnqueueTimestamp": iso(leg.queued_at), "DequeueTimestamp": iso(until)}
    record: dict[str, Any] = {
        "ContactId": leg.contact_id,
        "InitialContactId": leg.first.contact_id if leg.previous else None,
        "PreviousContactId": leg.previous.contact_id if leg.previous else None,
        "NextContactId": leg.next_id,
        "Channel": "VOICE",
        "InitiationMethod": "TRANSFER" if leg.previous else "INBOUND",
        "InitiationTimestamp": iso(leg.at),
        "ConnectedToSystemTimestamp": iso(leg.at),
        "Queue": {**queue, "Duration": until - leg.queued_at},
        "AgentConnectionAttempts": 0 if leg.agent is None else 1 + (leg.queued_at % 7 == 0),
        "Agent": None if leg.agent is None else _agent(leg),
        "TransferCompletedTimestamp": iso(leg.ended_at) if leg.transferred else None,
        "DisconnectTimestamp": iso(leg.ended_at),
        "DisconnectReason": leg.reason,
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": leg.customer.phone},
        "Attributes": leg.attributes,
        "LastUpdateTimestamp": iso(updated),
    }
    return record


def _agent(leg: Leg) -> dict[str, Any]:
    assert leg.agent is not None and leg.answered_at is not None
    return {
        "Username": leg.agent.name.lower(),
        "RoutingProfile": {"Name": TEAMS[leg.agent.team].silo},
        "ConnectedToAgentTimestamp": iso(leg.answered_at),
        "AgentInteractionDuration": leg.ended_at - leg.answered_at - leg.hold_s,
        "CustomerHoldDuration": leg.hold_s,
        "LongestHoldDuration": leg.hold_s,
        "NumberOfHolds": leg.holds,
        "AfterContactWorkStartTimestamp": iso(leg.ended_at),
        "AfterContactWorkEndTimestamp": iso(leg.last),
        "AfterContactWorkDuration": leg.after_work_s,
    }
