"""One ticket from its staged records to the sink: its events, how it ended, and what is known of it as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import number_of, text_of
from miner.readers.base import Report
from miner.readers.shared.fields import Json, as_json
from miner.readers.shared.helpdesk import HelpDesk
from miner.readers.shared.lifecycle import Lifecycle
from miner.readers.shared.recorded import with_recorded
from miner.readers.shared.staging import Staged, hand_over

A = TypeVar("A", bound=HelpDesk)


def last_with(
    events: Iterable[Event],
    whole: Callable[[], tuple[str | None, object]],
    mapped: Callable[[str], object],
) -> Iterator[Event]:
    """The events, the last of them with the outcome and value of the whole, which are asked for after the others.

    What `mapped` has under the keys that are attributes goes there.
    """
    last: Event | None = None
    for event in events:
        if last:
            yield last
        last = event
    if last:
        outcome, value = whole()
        last["attributes"] = with_recorded(last.get("attributes"), mapped)
        yield last | {"outcome": outcome or last.get("outcome"), "value": number_of(value)}


class Ticket(Generic[A]):
    """One ticket. A reader's own class sets `life` and gives `steps`, and the rest as far as it is known."""

    life: Lifecycle

    def __init__(self, id: str, records: list[Staged], account: A):
        self.id, self.records, self.account = id, records, account
        self.fields = self.known_fields()

    def known_fields(self) -> Mapping[str, object]:
        """What the record of the ticket itself says."""
        return {}

    def steps(self) -> Iterator[Event]:
        """Its events in order."""
        raise NotImplementedError

    def last_state(self) -> tuple[str | None, str | None]:
        """The state its record declares, and the resolution or code that comes with it."""
        return None, None

    def declared(self) -> Json:
        """The totals its record declares, to reconcile."""
        return {}

    def identity(self) -> Json:
        """What tells who the customer is, by the keys of `Interaction.identity`."""
        return {}

    def references(self) -> Iterable[tuple[str, str, bool]]:
        """The interactions it refers to: the id, on what basis, and whether both are one."""
        return ()

    def check(self, sink: Sink) -> None:
        """Note what is missing from its history."""

    def mapped(self, key: str) -> str | None:
        """What the field that the user mapped to a key says."""
        return text_of(self.fields.get(self.account.mapping.get(key, "")))

    def hand_over(self, reports: dict[int, Report]) -> int:
        """Give its events to the sink, then what is known of it as a whole; returns how many events."""
        sink = self.account.sink
        count = hand_over(sink, reports, last_with(self.steps(), self._whole, self.mapped))
        if count:
            life = self.life
            sink.interaction(
                interaction_id=life.key,
                source_system=life.desk.system,
                channel=life.channel,
                customer=life.customer,
                intent=life.intent,
                declared=as_json(self.declared()),
                identity=as_json(self.identity()),
            )
            for other, basis, same in self.references():
                sink.refer(life.key, other, basis, same)
            self.check(sink)
        return count

    def _whole(self) -> tuple[str | None, object]:
        """How it ended and what it is worth: as the user's mapping says, else by the state known last."""
        return self.mapped("outcome") or self.life.last_known(*self.last_state()), self.mapped("value")
