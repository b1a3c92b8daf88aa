"""What the readers of chats share: files of one account staged together, and one chat told step by step."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from miner.errors import InputError, Problem
from miner.events import times
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, id_of, phone_key, text_of
from miner.readers.base import Options, Report, SourceFile
from miner.readers.shared.fields import Malformed
from miner.readers.shared.records import Record, paged_records
from miner.readers.shared.staging import Staged, Staging, hand_over, nothing_told, usable

Actor = tuple[str, str | None]  # a kind of ACTOR_TYPES and a name
SYSTEM: Actor = ("system", "system")
_TELLS: dict[str, Callable[[str], object]] = {"phone": phone_key, "email": email_key}  # whether a value is one at all


class Clock:
    """Reads the times of one record: epoch numbers in the source's unit, or ISO text."""

    def __init__(self, tz: tzinfo | None, unit: str, file: str, line: int):
        self.tz, self.unit, self.file, self.line = tz, unit, file, line

    def of(self, holder: dict[str, Any], name: str) -> int | None:
        """The time under a name in µs; None where there is none. InputError without a zone, else Malformed."""
        value = holder.get(name)
        if value is None or value == "":
            return None
        try:
            return times.parse(value, self.tz, self.unit)
        except times.NoZone:
            raise InputError(
                Problem("a time without a zone", self.file, self.line, name, "set the time zone: --tz Europe/Berlin")
            ) from None
        except ValueError as error:
            raise Malformed(name, f"{name} is {error}", value) from None

    def need(self, holder: dict[str, Any], name: str) -> int:
        """The time under a name that must be there."""
        at = self.of(holder, name)
        if at is None:
            raise Malformed(name, f"{name} is missing", id_of(holder.get("id")))
        return at


class Account:
    """All chats of one account: lays the records of its files down and tells them chat by chat.

    A reader gives `take`, which stages a record or remembers a name, and `tell`, which makes a `Talk` of a chat.
    """

    pages: tuple[str, ...] = ()  # the lists of a page that hold records
    unit = "s"  # of epoch numbers
    time_words = "ISO-8601"
    mapped_keys: tuple[str, ...] = ("intent", "customer", "outcome", "value")
    nothing = "there are no chats"
    fix = "export the chats themselves"

    def __init__(self, options: Options, sink: Sink):
        self.options, self.sink = options, sink
        self.tz = times.zone(options.tz) if options.tz else None
        self.mapped = options.mapped(self.mapped_keys)

    def stage(self, file: SourceFile, staging: Staging, report: Report) -> None:
        """Lay the records of a JSON file down; those that cannot be used are rejected."""
        report.columns, report.time = dict(self.mapped), self.time_words
        for record in paged_records(file, self.sink, self.pages):
            with usable(self.sink, report, record.line):
                self.take(record, Clock(self.tz, self.unit, file.name, record.line), staging)

    def emit(self, staging: Staging, reports: dict[int, Report]) -> None:
        """Turn every chat into events and an interaction."""
        count = 0
        for topic, copies in staging.topics():
            talk = self.tell(topic, copies)
            if talk is not None:
                talk.hand_over(reports)
                count += 1
        if not count:
            raise nothing_told(reports, self.nothing, self.fix)

    def take(self, record: Record, clock: Clock, staging: Staging) -> None:
        """Stage a record, or remember what it says; Malformed where it cannot be used."""
        raise NotImplementedError

    def tell(self, topic: str, copies: list[Staged]) -> Talk | None:
        """The chat of a topic; None where there is nothing to tell."""
        raise NotImplementedError


class Talk:
    """One chat on its way to the sink: its steps in the order of time, then the interaction."""

    def __init__(
        self, sink: Sink, key: str, system: str, channel: str, customer: str | None = None, intent: str | None = None
    ):
        self.sink, self.key, self.system, self.channel = sink, key, system, channel
        self.customer, self.intent = customer, intent
        self.declared: dict[str, Any] = {}
        self.identity: dict[str, str | None] = {}
        self.outcome: str | None = None
        self.value: float | None = None
        self.steps: list[dict[str, Any]] = []

    def add(
        self,
        origin: Staged,
        at: int,
        actor: Actor,
        activity: str,
        event_type: str | None,
        team: str | None = None,
        **more: Any,
    ) -> None:
        """A step. `team` is that of an agent; whoever is no agent has none. `said` becomes the attributes."""
        kind, name = actor
        said = {k: v for k, v in (more.pop("said", None) or {}).items() if v is not None}
        self.steps.append(
            {
                "source": origin.source,
                "source_no": origin.source_no,
                "line": origin.line,
                "interaction_id": self.key,
                "started_us": at,
                "activity": activity,
                "event_type": event_type,
                "channel": self.channel,
                "source_system": self.system,
                "actor_type": kind,
                "actor": name,
                "agent": name if kind == "agent" else None,
                "team": team if kind == "agent" else None,
                "attributes": json.dumps(said) if said else None,
                **more,
            }
        )

    def hand_over(self, reports: dict[int, Report]) -> None:
        """Give the steps and the interaction to the sink; equal times keep the order in which they were added."""
        self.steps.sort(key=lambda step: step["started_us"])
        if self.steps and (self.outcome or self.value is not None):
            self.steps[-1].update(outcome=self.outcome or self.steps[-1].get("outcome"), value=self.value)
        same = {"customer": self.customer, "intent": self.intent}
        hand_over(self.sink, reports, ({**same, **step, "sequence": n} for n, step in enumerate(self.steps, 1)))
        declared = {name: value for name, value in self.declared.items() if value is not None}
        known = {
            name: value for name, value in self.identity.items() if value is not None and _TELLS.get(name, bool)(value)
        }
        self.sink.interaction(
            interaction_id=self.key,
            source_system=self.system,
            channel=self.channel,
            customer=self.customer,
            intent=self.intent,
            declared=json.dumps(declared) if declared else None,
            identity=json.dumps(known) if known else None,
        )


def first_key(*candidates: str | None) -> str | None:
    """The first of some customer keys that is one."""
    return next((key for key in candidates if key), None)


def person_key(
    system: str, id: object, email: object = None, phone: object = None, declared: object = None
) -> str | None:
    """A customer's key: a declared id, else e-mail, else phone number, else `system:id`."""
    own = id_of(id)
    return first_key(customer_key(declared), email_key(email), phone_key(phone), f"{system}:{own}" if own else None)


def totals(holder: dict[str, Any], names: Iterable[str], prefix: str = "") -> dict[str, int | float]:
    """The numbers under these names, as the vendor calls them; `prefix` names the object they are in."""
    found: dict[str, int | float] = {}
    for name in names:
        value = holder.get(name)
        if isinstance(value, (int, Decimal, float)) and not isinstance(value, bool):
            found[prefix + name] = value if isinstance(value, int) else float(value)
    return found


def words(name: str) -> str:
    """A vendor's own word as an activity: `file_uploaded` and `fileUploaded` read "File uploaded"."""
    spaced = "".join(f" {c.lower()}" if c.isupper() and i and name[i - 1].islower() else c for i, c in enumerate(name))
    text = spaced.replace("_", " ").replace(".", " ").strip()
    return (text[:1].upper() + text[1:]) or "(no type)"


def mapped_text(holder: dict[str, Any], mapped: dict[str, str]) -> dict[str, str | None]:
    """What the user's mapping finds in an object of custom fields."""
    return {key: text_of(holder.get(name)) for key, name in mapped.items()}
