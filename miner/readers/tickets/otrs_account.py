"""What is known of an OTRS or Znuny system before its first ticket is read.

Names of rows are `%%`-separated parts; plug-ins write free text there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from miner.events.values import id_of, text_of
from miner.readers.shared.fields import Body
from miner.readers.shared.helpdesk import HelpDesk

# Types and states as installed, in order.
_TYPE_NAMES = """
NewTicket FollowUp SendAutoReject SendAutoReply SendAutoFollowUp Forward Bounce SendAnswer SendAgentNotification
SendCustomerNotification EmailAgent EmailCustomer PhoneCallAgent PhoneCallCustomer AddNote Move Lock Unlock
Remove TimeAccounting CustomerUpdate PriorityUpdate OwnerUpdate LoopProtection Misc SetPendingTime StateUpdate
TicketDynamicFieldUpdate WebRequestCustomer TicketLinkAdd TicketLinkDelete SystemRequest Merged
ResponsibleUpdate Subscribe Unsubscribe TypeUpdate ServiceUpdate SLAUpdate ArchiveFlagUpdate
""".split()
_TYPES = dict(enumerate(_TYPE_NAMES, 1))
_STATES = {
    "1": "new",
    "2": "closed successful",
    "3": "closed unsuccessful",
    "4": "open",
    "5": "removed",
    "6": "pending reminder",
    "7": "pending auto close+",
    "8": "pending auto close-",
    "9": "merged",
}


@dataclass
class Account(HelpDesk):
    """Names of queues, people and states, types of history, and what tickets say of themselves."""

    tickets: dict[str, Mapping[str, object]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.states.update(_STATES)

    def remember(self, kind: str, row: Mapping[str, object]) -> None:
        """Remember a ticket, queue, user or type of history."""
        number = id_of(row.get("id"))
        if number is None:
            return
        name = text_of(row.get("name"))
        if kind == "tickets":
            self.tickets[number] = row
        elif kind == "queues" and name:
            self.teams[number] = name
        elif kind == "types" and name:
            self.types[number] = name
        elif kind == "users":
            full = " ".join(filter(None, (text_of(row.get("first_name")), text_of(row.get("last_name")))))
            self.people[number] = full or text_of(row.get("login")) or number

    def learn(self, body: Body) -> None:
        """Names of queues and owners come with the rows that change them."""
        kind, parts = self.type(body), parts_of(body["name"])
        if kind == "Move":
            for name, number in zip(parts[0::2], parts[1::2], strict=False):
                if name and number.isdecimal():
                    self.teams.setdefault(number, name)
        elif kind == "OwnerUpdate" and len(parts) > 1 and parts[1].isdecimal() and parts[0]:
            self.people.setdefault(parts[1], parts[0])
        elif kind == "NewTicket" and len(parts) > 1 and body["queue_id"] and parts[1]:
            self.teams.setdefault(body["queue_id"], parts[1])
        state = parts[3:4] if kind == "NewTicket" else parts[1:2] if kind == "StateUpdate" else []
        if state and state[0] and body["state_id"]:
            self.states[body["state_id"]] = state[0]

    def type(self, body: Body) -> str:
        """The type of a row by its name; numbers by their table, else as installed."""
        number = body["history_type_id"] or ""
        known = body["type"] or self.types.get(number)
        return known or (_TYPES.get(int(number), number) if number.isdecimal() and len(number) < 6 else number)


def parts_of(name: str) -> list[str]:
    """The parts of a name such as `%%Raw%%2`; none where it is free text."""
    return name[2:].split("%%") if name.startswith("%%") else []
