"""What the dialogs of one vCon mean as events: who came in, waited, talked, held, passed on, wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import tzinfo
from email.utils import parsedate_to_datetime
from typing import Any

from miner.events import times
from miner.events.schema import CHANNELS
from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.readers.shared.staging import Staged
from miner.readers.standards.vcon_history import Stay, holder, holds, no_zone, presence, together
from miner.readers.standards.vcon_transcripts import give_texts
from miner.readers.tabular.keys import ATTRIBUTES

MAPPED = ("team", "customer", "intent", "outcome", *ATTRIBUTES)
_CHANNELS = {"call": "voice", "phone": "voice", "audio": "voice", "webchat": "chat", "web": "chat", "text": "messaging"}
_UNANSWERED = {
    "hung-up": "abandoned",
    "voicemail-no-message": "abandoned",
    "no-answer": "agent_no_answer",
    "busy": "agent_no_answer",
}
_KEPT = ("skill", "campaign", "interaction_type", "sentiment")
_NOBODY: dict[str, Any] = {
    "actor": "unknown",
    "key": None,
    "name": None,
    "dept": None,
    "nature": None,
    "fields": {},
    "tel": None,
    "mail": None,
    "role": "",
    "kind": "",
}

Dialog = dict[str, Any]


class Conversation:
    """One vCon."""

    def __init__(self, staged: Staged, sink: Sink, mapped: dict[str, str], tz: tzinfo | None):
        self.staged, self.sink, self.mapped, self.tz = staged, sink, mapped, tz
        self.parties, self.dialogs = staged.body["parties"], staged.body["dialog"]
        self.transcripts: list[dict[str, Any]] = staged.body["transcripts"]
        self.key = f"vcon:{staged.body['uuid']}"
        self.customer_party = self._customer_party()
        self.customer = self._said("customer", {}, self.customer_party) or self.customer_party["key"]
        self.transfers = 0
        moves = [dialog for dialog in self.dialogs if dialog["type"] == "transfer"]
        self.consults = {place for dialog in moves for place in dialog["consultation"]}
        self.helpers = {number for dialog in moves for number in dialog["target"]}
        self.sets = {place for d in self.dialogs if d["type"] == "recording-set" for place in d["recordings"]}

    def events(self) -> Iterator[dict[str, Any]]:
        """The events of all dialogs in their order; dialogs that cannot be placed in time are rejected."""
        # Who passes a conversation on does so before the other takes it, also where both times are the same.
        order = {"started": 0, "queue_enter": 1, "handoff": 2}
        steps = sorted(self._steps(), key=lambda each: (each[1]["started_us"], order.get(each[1]["event_type"], 3)))
        for sequence, (dialog, step) in enumerate(steps):
            yield self._event(dialog, sequence, step)

    def _steps(self) -> Iterator[tuple[Dialog, dict[str, Any]]]:
        kinds = {
            "recording": self._recording,
            "recording-set": self._recording,
            "text": self._text,
            "transfer": self._transfer,
            "incomplete": self._incomplete,
        }
        for place, dialog in enumerate(self.dialogs):
            if dialog["empty"]:
                continue  # stands for one of which nothing is known
            start = self._time(dialog["start"])
            if dialog["type"] not in kinds:
                self._reject(place, "type", dialog["type"], "an unknown dialog type")
            elif start is None and not (dialog["history"] and dialog["type"].startswith("recording")):
                self._reject(place, "start", dialog["start"], "a dialog without a time")
            elif place not in self.sets or dialog["history"]:
                steps = list(kinds[dialog["type"]](place, dialog, start or 0))
                turns = [turn for one in self.transcripts if place in one["dialogs"] for turn in one["turns"]]
                there = [self._party(number) for number in dialog["parties"] or range(len(self.parties))]
                give_texts(turns, steps, there, start)
                yield from ((dialog, step) for step in steps)

    def finish(self) -> None:
        """Say of the conversation what is no event."""
        self._note_counts()
        party = self.customer_party
        channels = [self._channel(dialog) for dialog in self.dialogs if dialog["type"] in ("recording", "text")]
        identity = {"phone": party["tel"], "email": party["mail"], "name": party["name"]}
        identity = {name: value for name, value in identity.items() if value} if party["actor"] == "customer" else {}
        self.sink.interaction(
            interaction_id=self.key,
            source_system="vcon",
            channel=channels[0] if channels else None,
            customer=self.customer,
            customer_type=party["nature"] if party["actor"] == "customer" else None,
            intent=self._said("intent", {}, {}),
            declared=json.dumps({"transfers": self.transfers}),
            identity=json.dumps(identity) if identity else None,
        )
        for dialog in self.dialogs:
            if dialog["interaction"]:
                self.sink.refer(self.key, dialog["interaction"], "interaction_id")
        for uuid in self.staged.body["group"]:
            self.sink.refer(self.key, f"vcon:{uuid}", "group", same=True)

    def _note_counts(self) -> None:
        if self.staged.body["unread"]:
            self.sink.note("not_read", "analyses and attachments are not read", self.staged.body["unread"])
        pressed = [
            h["event"]
            for d in self.dialogs
            for h in d["history"]
            if h["event"] not in ("join", "drop", "hold", "unhold")
        ]
        if pressed:
            self.sink.note("not_read", "muting and pressed keys are not read", len(pressed), pressed[0])
        if not any(party["actor"] == "customer" for party in self.parties) and self.dialogs:
            self.sink.note(
                "unknown roles",
                "no party is marked as the customer; the customer is unknown",
                example=self.staged.body["uuid"],
            )

    # One method a type of dialog: events without what all have in common.

    def _recording(self, place: int, dialog: Dialog, begun: int) -> Iterator[dict[str, Any]]:
        start = self._time(dialog["start"])
        end = self._end(dialog, start)
        stays = presence(dialog, start, end, self._time)
        if not stays:
            self._reject(place, "party_history", None, "a dialog without parties, or without a time")
            return
        kinds = {number: self._party(number)["actor"] for number, _, _ in stays}
        came = next((stay for stay in stays if kinds[stay[0]] == "customer"), None)
        talking = [stay for stay in stays if kinds[stay[0]] != "customer"]
        first = self._originator(dialog)
        if came and (not talking or came[1] < talking[0][1] or (first in kinds and kinds[first] == "customer")):
            words = ("Called", "started") if talking else ("Voice message", "message")
            yield self._step(*words, came[1], self._party(came[0]))
        if came:
            yield from _waited(came[1], talking, kinds)
        if talking and all(kinds[number] == "unknown" for number, _, _ in talking):
            talking = [together(talking, first)]
        asks = place in self.consults
        for number, begin, until in talking:
            helps = asks and number in self.helpers
            words = ("Consulted", "consult_start") if asks else ("Conversation", "agent_connected")
            yield {
                **self._step(*words, begin, self._party(number)),
                "ended_us": until,
                "helper": helps,
                "handoff_kind": "consult_only" if helps else None,
            }
        for number, begin, until in holds(dialog, start, end, self._time):
            by = number if kinds.get(number) != "customer" else holder(talking, begin)
            yield {**self._step("On hold", "hold", begin, self._party(by)), "ended_us": until}

    def _text(self, place: int, dialog: Dialog, start: int) -> Iterator[dict[str, Any]]:
        sender = self._party(self._originator(dialog))
        names = {"customer": "Customer message", "agent": "Reply", "supervisor": "Reply", "bot": "Bot message"}
        step = self._step(names.get(sender["actor"], "Message"), "message", start, sender)
        yield {**step, "ended_us": self._end(dialog, start), "text": dialog["text"]}
        if dialog["history"]:  # a chat as one text: who was there is said beside it
            yield from self._recording(place, {**dialog, "duration": None}, start)

    def _incomplete(self, place: int, dialog: Dialog, start: int) -> Iterator[dict[str, Any]]:
        caller, why = self._party(self._originator(dialog)), dialog["disposition"]
        by_customer = caller["actor"] in ("customer", "unknown")
        step = self._step(
            f"Incomplete call: {why}" if why else "Incomplete call",
            _UNANSWERED.get(why or "") if by_customer else None,
            start,
            caller,
        )
        spoken = any(each["type"] in ("recording", "recording-set", "text") for each in self.dialogs)
        yield {**step, "outcome": "abandoned" if step["event_type"] == "abandoned" and not spoken else None}

    def _transfer(self, place: int, dialog: Dialog, start: int) -> Iterator[dict[str, Any]]:
        self.transfers += 1
        after = [self.dialogs[number] for number in dialog["target_dialog"] if number < len(self.dialogs)]
        start = min([start, *(at for each in after if (at := self._time(each["start"])) is not None)])
        by = self._party(dialog["transferor"])
        targets = [self._party(number) for number in dialog["target"]] or [_NOBODY]
        to = {"to_team": self._team(targets[0], {}), "to_agent": _shown(targets[0])}
        kept = {name: value for name, value in to.items() if value}
        kind = "bot_to_human" if by["actor"] in ("bot", "ivr") else "consult" if dialog["consultation"] else "blind"
        if targets[0]["actor"] == "third_party":
            kind = "external"
        name = "Transferred after a consult" if kind == "consult" else "Transferred"
        yield {
            **self._step(name, "handoff", start, by),
            "handoff_kind": kind,
            "attributes": json.dumps(kept) if kept else None,
        }
        yield from self._taken_over(dialog, after, start)

    def _taken_over(self, dialog: Dialog, after: list[Dialog], start: int) -> Iterator[dict[str, Any]]:
        """Who a conversation was transferred to has it, also where no recording of it shows this."""
        known = [each for each in after if not each["empty"]]
        if any(each["type"] == "incomplete" for each in known):
            return  # they were never reached
        at = min((at for each in known if (at := self._time(each["start"])) is not None), default=None)
        for number in dialog["target"]:
            seen = any(
                number in each["parties"] or any(h["party"] == number for h in each["history"])
                for each in known
                if each["type"].startswith("recording")
            )
            if seen or self._party(number) is _NOBODY:
                continue
            if at is None:
                self.sink.note(
                    "assumed_takeover",
                    "nothing is known after a transfer; its target owns the conversation from then on",
                )
            step = self._step("Took over", "agent_connected", max(at or start, start), self._party(number))
            yield {**step, "dialog": known[0] if known else dialog}

    # What all of them need.

    def _step(self, activity: str, event_type: str | None, at: int, party: dict[str, Any]) -> dict[str, Any]:
        return {"activity": activity, "event_type": event_type, "started_us": at, "party": party}

    def _event(self, dialog: Dialog, sequence: int, step: dict[str, Any]) -> dict[str, Any]:
        staged, party = self.staged, step.pop("party", None)
        helper, dialog = step.pop("helper", False), step.pop("dialog", dialog)
        who = self._who(party, dialog, helper) if party else {}
        if step.get("ended_us") is not None and step["ended_us"] < step["started_us"]:
            self.sink.note("negative_duration", "ends before its start; read as a point in time", example=self.key)
            step["ended_us"] = None
        kept = {name: dialog[name] for name in _KEPT if dialog.get(name)}
        kept |= {key: said for key in ATTRIBUTES if (said := self._said(key, dialog, {}))}
        return {
            "source": staged.source,
            "source_no": staged.source_no,
            "line": staged.line,
            "sequence": sequence,
            "interaction_id": self.key,
            "channel": self._channel(dialog),
            "source_system": "vcon",
            "customer": self.customer,
            "intent": self._said("intent", dialog, {}),
            "outcome": self._said("outcome", dialog, {}),
            "attributes": json.dumps(kept) if kept else None,
            **who,
            **{k: v for k, v in step.items() if v is not None},
        }

    def _who(self, party: dict[str, Any], dialog: Dialog, helper: bool) -> dict[str, Any]:
        kind, name = party["actor"], _shown(party)
        human = kind in ("agent", "supervisor")
        if kind == "customer":
            name = self.customer or name
        team = self._team(party, dialog) if kind not in ("customer", "ivr", "bot") and not helper else None
        return {"actor_type": kind, "actor": name, "agent": name if human and not helper else None, "team": team}

    def _team(self, party: dict[str, Any], dialog: Dialog) -> str | None:
        if "team" in self.mapped:
            return self._said("team", dialog, party)
        human = party["actor"] in ("agent", "supervisor")
        return party["dept"] or (dialog.get("skill") if human else None)

    def _said(self, key: str, dialog: Dialog, party: dict[str, Any]) -> str | None:
        """What the field that was mapped to a key says: of the dialog, the party or the vCon."""
        column = self.mapped.get(key)
        holders = (dialog.get("fields", {}), party.get("fields", {}), self.staged.body["fields"])
        return next((holder[column] for holder in holders if column and holder.get(column)), None)

    def _party(self, number: int | None) -> dict[str, Any]:
        if number is None or number >= len(self.parties):
            if number is not None:
                said = f"{self.key}: {number}"
                self.sink.note("bad_reference", "parties that are referenced but missing", example=said)
            return _NOBODY
        found: dict[str, Any] = self.parties[number]
        return found

    def _customer_party(self) -> dict[str, Any]:
        return next((party for party in self.parties if party["actor"] == "customer"), _NOBODY)

    def _originator(self, dialog: Dialog) -> int | None:
        if dialog["originator"] is not None:
            return int(dialog["originator"])
        return dialog["parties"][0] if dialog["parties"] else None

    def _end(self, dialog: Dialog, start: int | None) -> int | None:
        if start is None or dialog["duration"] is None:
            return start
        try:
            return start + times.duration(dialog["duration"])
        except ValueError:
            self.sink.note("bad_duration", "durations that are not a number of seconds", example=dialog["duration"])
            return start

    def _time(self, value: str | None) -> int | None:
        """A time in µs: RFC 3339, or as in mails, which early drafts allowed; None where it is none.

        InputError for one without a zone, where none was declared.
        """
        if value is None:
            return None
        try:
            return times.parse(value, self.tz)
        except times.NoZone:
            raise no_zone(self.staged) from None
        except ValueError:
            try:
                moment = parsedate_to_datetime(value)
                if moment.tzinfo is None and self.tz is None:
                    raise no_zone(self.staged)
                return int((moment if moment.tzinfo else moment.replace(tzinfo=self.tz)).timestamp()) * SECOND
            except (ValueError, TypeError, IndexError, OverflowError):
                return None

    def _channel(self, dialog: Dialog) -> str:
        said = (dialog["interaction_type"] or "").lower()
        if said in CHANNELS or said in _CHANNELS:
            return _CHANNELS.get(said, said)
        if dialog["type"] != "text":
            return "video" if dialog["media"].startswith("video/") else "voice"
        sender = self._party(self._originator(dialog))
        mail = dialog["message"] or dialog["media"].startswith(("multipart/", "message/"))
        return "email" if mail or (sender["mail"] and not sender["tel"]) else "messaging"

    def _reject(self, place: int, column: str, value: object, reason: str) -> None:
        self.sink.reject(self.staged.line, f"dialog {place}, {column}", value, reason)


def _shown(party: dict[str, Any]) -> str | None:
    """The name of a party, else what it is reached by."""
    found: str | None = party["name"] or party["key"]
    return found


def _waited(came: int, talking: list[Stay], kinds: dict[int, str]) -> Iterator[dict[str, Any]]:
    """The customer's wait from joining to the first person, after a bot or IVR was done."""
    people = [begin for number, begin, _ in talking if kinds[number] in ("agent", "supervisor")]
    bots = [until for number, _, until in talking if kinds[number] in ("bot", "ivr")]
    if people and not any(until > min(people) for until in bots):
        since = max([came, *(until for until in bots if until <= min(people))])
        if since < min(people):
            yield {
                "activity": "Queued",
                "event_type": "queue_enter",
                "started_us": since,
                "ended_us": min(people),
                "actor_type": "system",
            }
