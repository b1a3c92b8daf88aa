"""One conversation step by step, and what its readers say of people, totals and words in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import customer_key, email_key, id_of, phone_key, text_of
from miner.readers.base import Report
from miner.readers.shared.fields import Json, as_json
from miner.readers.shared.staging import Staged, hand_over

Actor = tuple[str, str | None]  # a kind of ACTOR_TYPES and a name
SYSTEM: Actor = ("system", "system")
_TELLS: dict[str, Callable[[str], object]] = {"phone": phone_key, "email": email_key}  # whether a value is one at all


class Conversation:
    """One conversation on its way to the sink: its steps in the order of time, then the interaction."""

    def __init__(
        self, sink: Sink, key: str, system: str, channel: str, customer: str | None = None, intent: str | None = None
    ):
        self.sink, self.key, self.system, self.channel = sink, key, system, channel
        self.customer, self.intent = customer, intent
        self.declared: Json = {}
        self.identity: dict[str, str | None] = {}
        self.outcome: str | None = None
        self.value: float | None = None
        self.steps: list[Event] = []

    def add(
        self,
        origin: Staged,
        at: int,
        actor: Actor,
        activity: str,
        event_type: str | None,
        team: str | None = None,
        details: Mapping[str, object] | None = None,
        **more: Any,
    ) -> None:
        """A step. `team` is that of an agent; whoever is no agent has none. `details` become the attributes."""
        kind, name = actor
        step: Event = {
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
            "attributes": as_json(details or {}),
        }
        step.update(more)  # type: ignore[typeddict-item]
        self.steps.append(step)

    def hand_over(self, reports: dict[int, Report]) -> int:
        """Give the steps and the interaction to the sink; equal times keep the order in which they were added.

        Returns 1: it is an interaction, even where nothing was said.
        """
        self.steps.sort(key=lambda step: step["started_us"])
        if self.steps and (self.outcome or self.value is not None):
            self.steps[-1] |= {"outcome": self.outcome or self.steps[-1].get("outcome"), "value": self.value}
        same: Event = {"customer": self.customer, "intent": self.intent}
        hand_over(self.sink, reports, (same | step | {"sequence": n} for n, step in enumerate(self.steps, 1)))
        self.sink.interaction(
            interaction_id=self.key,
            source_system=self.system,
            channel=self.channel,
            customer=self.customer,
            intent=self.intent,
            declared=as_json(self.declared),
            identity=as_json({name: value for name, value in self.identity.items() if _tells(name, value)}),
        )
        return 1


def _tells(name: str, value: str | None) -> bool:
    return value is not None and bool(_TELLS.get(name, bool)(value))


def first_key(*candidates: str | None) -> str | None:
    """The first of some customer keys that is one."""
    return next((key for key in candidates if key), None)


def person_key(
    system: str, id: object, email: object = None, phone: object = None, declared: object = None
) -> str | None:
    """A customer's key: a declared id, else e-mail, else phone number, else `system:id`."""
    own = id_of(id)
    return first_key(customer_key(declared), email_key(email), phone_key(phone), f"{system}:{own}" if own else None)


def totals(holder: Json, names: Iterable[str], prefix: str = "") -> dict[str, int | float]:
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


def mapped_text(holder: Json, mapped: dict[str, str]) -> dict[str, str | None]:
    """What the user's mapping finds in an object of custom fields."""
    return {key: text_of(holder.get(name)) for key, name in mapped.items()}
