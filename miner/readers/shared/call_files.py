"""The skeleton of a reader of calls: a reader says how its files are staged, and what the records of a call mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.readers.base import Report
from miner.readers.shared.account_files import AccountFiles
from miner.readers.shared.recorded import ATTRIBUTES
from miner.readers.shared.staging import hand_over


@dataclass(frozen=True)
class ReadCall:
    """A call: its events, and what gives the call itself to the sink after them, where the events do not."""

    sink: Sink
    steps: Iterable[Event]
    declare: Callable[[], None] | None = None

    def hand_over(self, reports: dict[int, Report]) -> int:
        """Give the events and the call to the sink. Returns 1: it is a call, even where nothing is known of it."""
        hand_over(self.sink, reports, self.steps)
        if self.declare:
            self.declare()
        return 1


class CallFiles(AccountFiles):
    """The files of one telephone system or account."""

    keys: tuple[str, ...] = ("intent", "outcome", "value", "customer", "case", *ATTRIBUTES)
    nothing = None
