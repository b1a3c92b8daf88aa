"""The steps of a call: every call reader gives the same step the same name and event type.

Import it as a whole (`from miner.readers.shared import call_steps as steps`), so that a reader says `steps.queued(…)`.
A step is an event as keywords of `Sink.event`; times are µs, and a step whose end is not after its start is a point.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Unpack, cast

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.readers.shared.agent_legs import is_owned_by_another
from miner.readers.shared.details import AnyDetails, Details
from miner.readers.shared.staging import Staged

Actor = tuple[str, str | None, str | None]  # type, name, team
ROUTING: Actor = ("system", "system", None)


@dataclass(frozen=True)
class Call:
    """What all steps of a call share."""

    system: str
    key: str  # interaction_id
    channel: str = "voice"
    customer: str | None = None
    intent: str | None = None

    def of(self, record: Staged, steps: Iterable[Event]) -> list[Event]:
        """Steps that a record shows, with the place where it was read."""
        place: Event = {"source": record.source, "source_no": record.source_no, "line": record.line}
        return self.at(place, steps)

    def at(self, place: Event, steps: Iterable[Event]) -> list[Event]:
        """Steps of a place, where it names no file of the one that is being read."""
        common: Event = {
            **place,
            "source_system": self.system,
            "interaction_id": self.key,
            "channel": self.channel,
            "customer": self.customer,
            "intent": self.intent,
        }
        return [{**common, **step} for step in steps]

    def declare(
        self, sink: Sink, declared: str | None, identity: str | None, references: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Give the call itself to the sink: its own totals and who it was, as JSON; (id, basis) of what it names."""
        sink.interaction(
            interaction_id=self.key,
            source_system=self.system,
            channel=self.channel,
            customer=self.customer,
            intent=self.intent,
            declared=declared,
            identity=identity,
        )
        for other, basis in references:
            sink.refer(self.key, other, basis)


def numbered(steps: Iterable[Event]) -> Iterator[Event]:
    """The steps of a call in order of their start, numbered; those of one moment keep their order."""
    for number, step in enumerate(sorted(steps, key=lambda step: step["started_us"]), 1):
        yield {**step, "sequence": number}


def attributes(**values: object) -> str | None:
    """What is known of the values, as JSON; None where nothing is."""
    known = {key: value for key, value in values.items() if value is not None and value != ""}
    return json.dumps(known, ensure_ascii=False) if known else None


def step(
    activity: str, event_type: str | None, at: int, actor: Actor, ended: int | None = None, **more: Unpack[AnyDetails]
) -> Event:
    """Any step; agents are named in `agent` too."""
    kind, name, team = actor
    event: Event = {
        "activity": activity,
        "event_type": event_type,
        "started_us": at,
        "ended_us": ended if ended is not None and ended > at else None,
        "actor_type": kind,
        "actor": name,
        "agent": name if kind == "agent" else None,
        "team": team,
    }
    return cast(Event, {**event, **more})


def no_owner(made: Event) -> Event:
    """The step without what makes it somebody's at any level; who did it stays in `actor`."""
    return {**made, "agent": None, "team": None}


def queued(at: int, until: int | None, queue: str | None, team: str | None = None, **more: Unpack[Details]) -> Event:
    """A wait in a queue; `team` where the queue is one of agents."""
    return step("Queued", "queue_enter", at, ("system", queue, team), until, **more)


def offered(at: int, until: int | None, person: str | None, team: str | None) -> Event:
    """An agent is rung."""
    return step("Offered", "agent_offered", at, ("system", person, team), until)


def not_answered(at: int, until: int | None, person: str | None, team: str | None, **more: Unpack[Details]) -> Event:
    """An agent was rung and did not answer: nobody's visit."""
    actor = ("system", person, team)
    return step("Not answered", "agent_no_answer", at, actor, until, handoff_kind="requeue_no_answer", **more)


def conversation(at: int, until: int | None, agent: Actor, **more: Unpack[Details]) -> Event:
    """An agent talks with the customer, and owns the call."""
    return step("Conversation", "agent_connected", at, agent, until, **more)


def consulted(at: int, until: int | None, person: str | None, *, only: bool = False, **more: Unpack[Details]) -> Event:
    """Somebody is asked while another owns the call; `only`: and never gets it."""
    kind = "consult_only" if only else None
    return no_owner(step("Consulted", "consult_start", at, ("agent", person, None), until, handoff_kind=kind, **more))


def transferred(at: int, agent: Actor, kind: str | None, **more: Unpack[Details]) -> Event:
    """An agent gives the call away."""
    return step("Transferred", "handoff", at, agent, handoff_kind=kind, **more)


def wrap_up(activity: str, at: int, until: int | None, agent: Actor, **more: Unpack[Details]) -> Event:
    """The work after the call."""
    return step(activity, "wrapup_start", at, agent, until, **more)


def joined(at: int, until: int | None, person: str | None, **more: Unpack[Details]) -> Event:
    """Somebody talks along in a conference while another owns the call."""
    actor: Actor = ("agent", person, None)
    return no_owner(step("Joined the conversation", "conference_join", at, actor, until, **more))


def external(at: int, until: int | None, **more: Unpack[Details]) -> Event:
    """Somebody outside the company is on the call."""
    return step("External party", "conference_join", at, ("third_party", "external party", None), until, **more)


def owned(made: Event, owned_from: int | None, others: Iterable[int | None], **by_owner: Unpack[Details]) -> Event:
    """What an agent does whose call it is since `owned_from`, with what only an owner says; nobody's where another
    owns the call by then (`others` are since when)."""
    if is_owned_by_another(owned_from, made["started_us"], others):
        return no_owner(made)
    return {**made, **by_owner}


def abandoned(at: int, customer: str | None, **more: Unpack[Details]) -> Event:
    """The customer gave up."""
    details: Details = {"outcome": "abandoned", **more}
    return step("Abandoned", "abandoned", at, ("customer", customer, None), **details)


def ended(at: int, actor: Actor = ROUTING, **more: Unpack[Details]) -> Event:
    """The call is over."""
    return step("Ended", "ended", at, actor, **more)
