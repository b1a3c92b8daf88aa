"""One vCon as events of one interaction: who did each step of its dialogs, and what the whole declares."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import tzinfo
from typing import cast

from miner.events.schema import Event
from miner.events.sink import Sink
from miner.readers.shared.staging import Staged
from miner.readers.standards.vcon_container import Container, shown
from miner.readers.standards.vcon_dialogs import Dialogs
from miner.readers.standards.vcon_parts import Dialog, Party
from miner.readers.standards.vcon_transcripts import DialogStep
from miner.readers.tabular.keys import ATTRIBUTES

# Who passes a conversation on does so before the other takes it, also where both times are the same.
_ORDER = {"started": 0, "queue_enter": 1, "handoff": 2}


class Conversation:
    """One vCon."""

    def __init__(self, staged: Staged, sink: Sink, mapped: dict[str, str], tz: tzinfo | None):
        self.staged, self.sink = staged, sink
        self.vcon = Container(staged, sink, mapped, tz)
        self.transfers = 0

    def events(self) -> Iterator[Event]:
        """The events of all dialogs in their order; dialogs that cannot be placed in time are rejected."""
        dialogs = Dialogs(self.vcon, self.sink)
        steps = sorted(dialogs.steps(), key=lambda one: (one[1].at, _ORDER.get(one[1].event_type or "", 3)))
        self.transfers = dialogs.transfers
        for sequence, (dialog, step) in enumerate(steps):
            yield self._event(dialog, sequence, step)

    def declare(self) -> None:
        """Say of the conversation what is no event; call after `events`."""
        self._note_counts()
        vcon, party = self.vcon, self.vcon.customer_party
        channels = [vcon.channel(dialog) for dialog in vcon.dialogs if dialog["type"] in ("recording", "text")]
        identity = {"phone": party["tel"], "email": party["mail"], "name": party["name"]}
        known = {name: value for name, value in identity.items() if value} if party["actor"] == "customer" else {}
        self.sink.interaction(
            interaction_id=vcon.key,
            source_system="vcon",
            channel=channels[0] if channels else None,
            customer=vcon.customer,
            customer_type=party["nature"] if party["actor"] == "customer" else None,
            intent=vcon.field("intent"),
            declared=json.dumps({"transfers": self.transfers}),
            identity=json.dumps(known) if known else None,
        )
        for dialog in vcon.dialogs:
            if dialog["interaction"]:
                self.sink.refer(vcon.key, dialog["interaction"], "interaction_id")
        for uuid in vcon.record["group"]:
            self.sink.refer(vcon.key, f"vcon:{uuid}", "group", same=True)

    def _note_counts(self) -> None:
        vcon = self.vcon
        if vcon.record["unread"]:
            self.sink.note("not_read", "analyses and attachments are not read", vcon.record["unread"])
        events = [entry["event"] for dialog in vcon.dialogs for entry in dialog["history"]]
        pressed = [event for event in events if event not in ("join", "drop", "hold", "unhold")]
        if pressed:
            self.sink.note("not_read", "muting and pressed keys are not read", len(pressed), pressed[0])
        if not any(party["actor"] == "customer" for party in vcon.parties) and vcon.dialogs:
            message = "no party is marked as the customer; the customer is unknown"
            self.sink.note("unknown roles", message, example=vcon.record["uuid"])

    def _event(self, dialog: Dialog, sequence: int, step: DialogStep) -> Event:
        vcon, until = self.vcon, step.until
        if until is not None and until < step.at:
            self.sink.note("negative_duration", "ends before its start; read as a point in time", example=vcon.key)
            until = None
        event: Event = {
            "source": self.staged.source,
            "source_no": self.staged.source_no,
            "line": self.staged.line,
            "sequence": sequence,
            "interaction_id": vcon.key,
            "activity": step.activity,
            "event_type": step.event_type,
            "started_us": step.at,
            "ended_us": until,
            "channel": vcon.channel(dialog),
            "source_system": "vcon",
            "customer": vcon.customer,
            "intent": vcon.field("intent", dialog),
            "outcome": step.outcome if step.outcome is not None else vcon.field("outcome", dialog),
            "handoff_kind": step.handoff_kind,
            "attributes": step.attributes if step.attributes is not None else self._attributes(dialog),
            "text": step.text,
        }
        actor: Event = self._actor(step.party, dialog, step.helps) if step.party else {"actor_type": "system"}
        return cast(Event, {**event, **actor})

    def _attributes(self, dialog: Dialog) -> str | None:
        known = {
            "skill": dialog["skill"],
            "campaign": dialog["campaign"],
            "interaction_type": dialog["interaction_type"],
            "sentiment": dialog.get("sentiment"),
        }
        attributes = {name: value for name, value in known.items() if value}
        attributes |= {key: value for key in ATTRIBUTES if (value := self.vcon.field(key, dialog))}
        return json.dumps(attributes) if attributes else None

    def _actor(self, party: Party, dialog: Dialog, helps: bool) -> Event:
        kind, name = party["actor"], shown(party)
        if kind == "customer":
            name = self.vcon.customer or name
        owns = kind not in ("customer", "ivr", "bot") and not helps
        agent = name if kind in ("agent", "supervisor") and not helps else None
        team = self.vcon.team(party, dialog) if owns else None
        return {"actor_type": kind, "actor": name, "agent": agent, "team": team}
