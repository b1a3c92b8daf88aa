"""What the dialogs of one vCon show: who came in, waited, talked, held, passed on, wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator

from miner.events.sink import Sink
from miner.readers.standards.vcon_container import NOBODY, Container, shown
from miner.readers.standards.vcon_history import Stay, holder, holds, presence, together
from miner.readers.standards.vcon_parts import Dialog
from miner.readers.standards.vcon_transcripts import DialogStep, give_texts

_UNANSWERED = {
    "hung-up": "abandoned",
    "voicemail-no-message": "abandoned",
    "no-answer": "agent_no_answer",
    "busy": "agent_no_answer",
}


class Dialogs:
    """The dialogs of one vCon; `transfers` counts those of that type as their steps are made."""

    def __init__(self, vcon: Container, sink: Sink):
        self.vcon, self.sink, self.dialogs, self.transfers = vcon, sink, vcon.dialogs, 0
        moves = [dialog for dialog in self.dialogs if dialog["type"] == "transfer"]
        self.consults = {place for dialog in moves for place in dialog["consultation"]}
        self.helpers = {number for dialog in moves for number in dialog["target"]}
        self.sets = {place for d in self.dialogs if d["type"] == "recording-set" for place in d["recordings"]}

    def steps(self) -> Iterator[tuple[Dialog, DialogStep]]:
        """The steps of all dialogs, each with the dialog that it is of."""
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
            start = self.vcon.time(dialog["start"])
            if dialog["type"] not in kinds:
                self.vcon.reject(place, "type", dialog["type"], "an unknown dialog type")
            elif start is None and not (dialog["history"] and dialog["type"].startswith("recording")):
                self.vcon.reject(place, "start", dialog["start"], "a dialog without a time")
            elif place not in self.sets or dialog["history"]:
                steps = list(kinds[dialog["type"]](place, dialog, start or 0))
                there = [self.vcon.party(number) for number in dialog["parties"] or range(len(self.vcon.parties))]
                give_texts(self.vcon.turns(place), steps, there, start)
                yield from ((step.dialog or dialog, step) for step in steps)

    # One method a type of dialog.

    def _recording(self, place: int, dialog: Dialog, begun: int) -> Iterator[DialogStep]:
        vcon, start = self.vcon, self.vcon.time(dialog["start"])
        end = vcon.end(dialog, start)
        stays = presence(dialog, start, end, vcon.time)
        if not stays:
            vcon.reject(place, "party_history", None, "a dialog without parties, or without a time")
            return
        kinds = {number: vcon.party(number)["actor"] for number, _, _ in stays}
        came = next((stay for stay in stays if kinds[stay[0]] == "customer"), None)
        talking = [stay for stay in stays if kinds[stay[0]] != "customer"]
        first = vcon.originator(dialog)
        if came and (not talking or came[1] < talking[0][1] or (first in kinds and kinds[first] == "customer")):
            activity, event_type = ("Called", "started") if talking else ("Voice message", "message")
            yield DialogStep(activity=activity, event_type=event_type, at=came[1], party=vcon.party(came[0]))
        if came:
            yield from _waited(came[1], talking, kinds)
        if talking and all(kinds[number] == "unknown" for number, _, _ in talking):
            talking = [together(talking, first)]
        for number, begin, until in talking:
            yield self._talk(place, number, begin, until)
        for number, begin, until in holds(dialog, start, end, vcon.time):
            by = number if kinds.get(number) != "customer" else holder(talking, begin)
            yield DialogStep(activity="On hold", event_type="hold", at=begin, party=vcon.party(by), until=until)

    def _talk(self, place: int, number: int, begin: int, until: int) -> DialogStep:
        asked = place in self.consults
        helps = asked and number in self.helpers
        return DialogStep(
            activity="Consulted" if asked else "Conversation",
            event_type="consult_start" if asked else "agent_connected",
            at=begin,
            party=self.vcon.party(number),
            until=until,
            helps=helps,
            handoff_kind="consult_only" if helps else None,
        )

    def _text(self, place: int, dialog: Dialog, start: int) -> Iterator[DialogStep]:
        sender = self.vcon.party(self.vcon.originator(dialog))
        names = {"customer": "Customer message", "agent": "Reply", "supervisor": "Reply", "bot": "Bot message"}
        yield DialogStep(
            activity=names.get(sender["actor"], "Message"),
            event_type="message",
            at=start,
            party=sender,
            until=self.vcon.end(dialog, start),
            text=dialog["text"],
        )
        if dialog["history"]:  # a chat as one text: who was there is said beside it
            yield from self._recording(place, {**dialog, "duration": None}, start)

    def _incomplete(self, place: int, dialog: Dialog, start: int) -> Iterator[DialogStep]:
        caller, why = self.vcon.party(self.vcon.originator(dialog)), dialog["disposition"]
        by_customer = caller["actor"] in ("customer", "unknown")
        event_type = _UNANSWERED.get(why or "") if by_customer else None
        spoken = any(each["type"] in ("recording", "recording-set", "text") for each in self.dialogs)
        yield DialogStep(
            activity=f"Incomplete call: {why}" if why else "Incomplete call",
            event_type=event_type,
            at=start,
            party=caller,
            outcome="abandoned" if event_type == "abandoned" and not spoken else None,
        )

    def _transfer(self, place: int, dialog: Dialog, start: int) -> Iterator[DialogStep]:
        self.transfers += 1
        after = [self.dialogs[number] for number in dialog["target_dialog"] if number < len(self.dialogs)]
        start = min([start, *self._starts(after)])
        by = self.vcon.party(dialog["transferor"])
        target = next(iter([self.vcon.party(number) for number in dialog["target"]]), NOBODY)
        kind = "bot_to_human" if by["actor"] in ("bot", "ivr") else "consult" if dialog["consultation"] else "blind"
        if target["actor"] == "third_party":
            kind = "external"
        to = {"to_team": self.vcon.team(target), "to_agent": shown(target)}
        known = {name: value for name, value in to.items() if value}
        yield DialogStep(
            activity="Transferred after a consult" if kind == "consult" else "Transferred",
            event_type="handoff",
            at=start,
            party=by,
            handoff_kind=kind,
            attributes=json.dumps(known) if known else None,
        )
        yield from self._taken_over(dialog, after, start)

    def _taken_over(self, dialog: Dialog, after: list[Dialog], start: int) -> Iterator[DialogStep]:
        """Who a conversation was transferred to has it, also where no recording of it shows this."""
        known = [each for each in after if not each["empty"]]
        if any(each["type"] == "incomplete" for each in known):
            return  # they were never reached
        at = min(self._starts(known), default=None)
        for number in dialog["target"]:
            if any(_is_in(number, each) for each in known if each["type"].startswith("recording")):
                continue
            party = self.vcon.party(number)
            if party is NOBODY:
                continue
            if at is None:
                message = "nothing is known after a transfer; its target owns the conversation from then on"
                self.sink.note("assumed_takeover", message)
            yield DialogStep(
                activity="Took over",
                event_type="agent_connected",
                at=max(at or start, start),
                party=party,
                dialog=known[0] if known else dialog,
            )

    def _starts(self, dialogs: list[Dialog]) -> list[int]:
        return [at for each in dialogs if (at := self.vcon.time(each["start"])) is not None]


def _is_in(number: int, dialog: Dialog) -> bool:
    return number in dialog["parties"] or any(entry["party"] == number for entry in dialog["history"])


def _waited(came: int, talking: list[Stay], kinds: dict[int, str]) -> Iterator[DialogStep]:
    """The customer's wait from joining to the first person, after a bot or IVR was done."""
    people = [begin for number, begin, _ in talking if kinds[number] in ("agent", "supervisor")]
    bots = [until for number, _, until in talking if kinds[number] in ("bot", "ivr")]
    if people and not any(until > min(people) for until in bots):
        since = max([came, *(until for until in bots if until <= min(people))])
        if since < min(people):
            yield DialogStep(activity="Queued", event_type="queue_enter", at=since, party=None, until=min(people))
