"""From an understood ticket to the sink: its events, how it ended, and what is known of it as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.events.values import number_of
from miner.readers.base import Report
from miner.readers.shared.recorded import with_recorded
from miner.readers.shared.staging import hand_over


def last_with(
    events: Iterable[Event], whole: Callable[[], tuple[str | None, object]], said: Callable[[str], object]
) -> Iterator[Event]:
    """The events, the last of them with the outcome and value of the whole, which are asked for after the others.

    What `said` has under the keys that are attributes goes there.
    """
    last: Event | None = None
    for event in events:
        if last:
            yield last
        last = event
    if last:
        outcome, value = whole()
        more = with_recorded(last.get("attributes"), said)
        yield last | {"outcome": outcome or last.get("outcome"), "value": number_of(value), "attributes": more}


class Told(Protocol):
    """A ticket of a reader, whose saves have been understood."""

    def steps(self) -> Iterator[Event]:
        """Its events in order, as keywords of `Sink.event`."""

    def said(self, key: str) -> str | None:
        """What the field that the user mapped to a key says."""

    def outcome_and_value(self) -> tuple[str | None, object]:
        """How it ended and what it is worth: as the user's mapping says, else by the state known last."""

    def finish(self, sink: Sink) -> None:
        """Tell the interaction, and what it refers to."""


def tell(sink: Sink, reports: dict[int, Report], ticket: Told) -> int:
    """Give the events of a ticket to the sink, then what is known of it as a whole; returns how many events."""
    count = hand_over(sink, reports, last_with(ticket.steps(), ticket.outcome_and_value, ticket.said))
    if count:
        ticket.finish(sink)
    return count
