"""The skeleton of a reader of tickets: a reader says how its files are staged, and what a ticket's records mean."""

from __future__ import annotations

from typing import Generic, TypeVar

from miner.events.sink import Sink
from miner.readers.base import Options
from miner.readers.shared.account_files import AccountFiles
from miner.readers.shared.helpdesk import HelpDesk
from miner.readers.shared.recorded import ATTRIBUTES
from miner.readers.shared.staging import Staged
from miner.readers.shared.ticket import Ticket

A = TypeVar("A", bound=HelpDesk)


class TicketFiles(AccountFiles, Generic[A]):
    """The files of one help desk: its account remembers names and roles, a ticket is told from its records."""

    system: str | None = None  # the source system, where it is not called like the reader
    account_type: type[A]
    ticket_type: type[Ticket[A]]
    keys = (*AccountFiles.keys, *ATTRIBUTES)
    nothing = "there are no tickets with a time"

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.account = self.account_type(sink, self.system or self.name, self.mapping)

    def complete(self) -> None:
        """Let the account conclude what it knows."""
        self.account.complete()

    def interaction(self, key: str, records: list[Staged]) -> Ticket[A] | None:
        """The ticket of a topic."""
        return self.ticket_type(key, records, self.account)
