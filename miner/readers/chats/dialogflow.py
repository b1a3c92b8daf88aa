"""Dialogflow CX: conversations with their interactions, from the conversation history.

The virtual agent is a bot and owns what it answers. `liveAgentHandoff` is a marker that it wanted to hand over: who
took over, and whether, is in another system.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from miner.events.times import SECOND
from miner.events.values import id_of, number_of, text_of
from miner.readers.base import Match, SourceFile
from miner.readers.shared.account_files import AccountFiles
from miner.readers.shared.conversation import Actor, Conversation, mapped_text, person_key, totals
from miner.readers.shared.fields import Malformed, child, children
from miner.readers.shared.records import Record, sample, shows
from miner.readers.shared.staging import Staged

NAME = "dialogflow"
TITLE = "Dialogflow CX conversations"
NOT_COMPARED = {
    "interactionCount": "an interaction has one or two messages; missing ones are noted",
    "duration": "it is not a count",
    "averageMatchConfidence": "it is not a count",
}
LINKED = True

_PAGES = ("conversations",)
_CHANNELS = {"AUDIO": "voice", "TEXT": "chat"}
_SMALL_TALK = frozenset(("default welcome intent", "default negative intent", "default fallback intent"))
_COUNTS = {
    "queryInputCount": ("textCount", "intentCount", "audioCount", "eventCount", "dtmfCount"),
    "matchTypeCount": (
        "intentCount",
        "directIntentCount",
        "parameterFillingCount",
        "noMatchCount",
        "noInputCount",
        "eventCount",
    ),
}
_REUSED = 48 * 3_600 * SECOND


def sniff(file: SourceFile) -> Match | None:
    """Records called projects/…/agents/…/conversations/…"""
    if any(_is_conversation(record.value) for record in sample(file, _PAGES)):
        return Match(95, "records called projects/…/agents/…/conversations/…, as in Dialogflow CX")
    if b"/agents/" in file.head and shows(file, "interactions", "queryResult"):
        return Match(70, "a long conversation as in Dialogflow CX")
    return None


class _Files(AccountFiles):
    """Read the files of one agent together; a conversation that is there twice is read once."""

    name = NAME
    pages = _PAGES
    time_words = "RFC 3339"
    nothing, fix = "there are no conversations", "export conversations.get of each conversation"

    def take(self, record: Record) -> None:
        """A conversation with the times of its interactions read."""
        value = record.value
        if not _is_conversation(value):
            raise Malformed("name", "not called projects/…/agents/…/conversations/…", value.get("name"))
        parts = str(text_of(value.get("name"))).split("/")
        metrics, turns = child(value, "metrics"), children(value, "interactions")
        first = min((self.clock.need(turn, "createTime") for turn in turns), default=None)
        at = self.clock.of(value, "startTime") or first
        if at is None:
            raise Malformed("startTime", "startTime is missing", parts[-1])
        lasted = number_of((text_of(value.get("duration")) or "").removesuffix("s"))
        declared: dict[str, Any] = totals(metrics, ("interactionCount", "averageMatchConfidence"))
        for group, names in _COUNTS.items():
            declared |= totals(child(metrics, group), names, f"{group}.")
        declared |= {
            name: metrics[name]
            for name in ("hasLiveAgentHandoff", "hasEndInteraction")
            if isinstance(metrics.get(name), bool)
        }
        body = {
            "bot": parts[parts.index("agents") + 1],
            "type": text_of(value.get("type")),
            "declared": declared | ({"duration": lasted} if lasted is not None else {}),
            "end": at + int(lasted * SECOND) if lasted is not None and 0 <= lasted < 1e9 else None,
            "turns": [self._turn(turn) for turn in turns],
            "listed": "interactions" in value,
            "intents": [text_of(intent.get("displayName")) for intent in children(value, "intents")],
        }
        self.staging.add(record.line, parts[-1], body, at=at, id=f"{value['name']} {at}", version=len(turns))

    def interactions(self, key: str, records: list[Staged]) -> Iterator[Conversation]:
        """An id that was used again later is another conversation."""
        for number, copy in enumerate(records):
            self.sink.source = copy.source
            if number and copy.at - records[number - 1].at >= _REUSED:
                self.sink.note("reused", "conversation ids that were reused after 48 hours", example=key)
            yield self._conversation(key if number == 0 else f"{key}/{copy.at // SECOND}", key, copy)

    def _turn(self, turn: dict[str, Any]) -> dict[str, Any]:
        request, result = child(turn, "request"), child(child(turn, "response"), "queryResult")
        match, params = child(result, "match"), child(request, "queryParams")
        known = child(params, "parameters") | child(result, "parameters")
        messages = children(result, "responseMessages")
        telephony = child(child(params, "payload"), "telephony")
        return {
            "at": self.clock.need(turn, "createTime"),
            "asked": text_of(turn.get("requestUtterances")),
            "answered": text_of(turn.get("responseUtterances")),
            "kind": text_of(match.get("matchType")),
            "intent": text_of(child(match, "intent").get("displayName")),
            "handoff": any("liveAgentHandoff" in message for message in messages),
            "ended": any("endInteraction" in message for message in messages),
            "input": next(
                (name for name in ("text", "audio", "dtmf", "event", "intent") if name in child(request, "queryInput")),
                None,
            ),
            "flow": text_of(child(result, "currentFlow").get("displayName")),
            "phone": text_of(telephony.get("caller_id")),
            "mapped": mapped_text(known, self.mapping),
        }

    def _conversation(self, key: str, id: str, copy: Staged) -> Conversation:
        body, turns = copy.body, sorted(copy.body["turns"], key=lambda turn: turn["at"])
        mapped = {name: value for turn in turns for name, value in turn["mapped"].items() if value is not None}
        phone = next((turn["phone"] for turn in turns if turn["phone"]), None)
        if body["type"] not in (*_CHANNELS, "UNDETERMINED", None):
            self.sink.note("unknown values", "unknown conversation types", example=body["type"])
        chat = Conversation(
            self.sink,
            f"{NAME}:{key}",
            NAME,
            _CHANNELS.get(body["type"] or "", "unknown"),
            person_key(NAME, id, None, phone, mapped.get("customer")),
            mapped.get("intent") or _intent([turn["intent"] for turn in turns] + body["intents"]),
        )
        chat.declared, chat.identity = (
            body["declared"],
            {"id": mapped.get("customer") or id, "phone": phone},
        )
        chat.outcome, chat.value = mapped.get("outcome"), number_of(mapped.get("value"))
        bot: Actor = ("bot", body["bot"])
        if not turns:
            chat.add(copy, copy.at, ("customer", chat.customer), "Conversation started", "started")
            if body["declared"].get("hasLiveAgentHandoff") is True:
                chat.add(
                    copy, body["end"] or copy.at, bot, "Live agent handoff", "escalated", handoff_kind="bot_to_human"
                )
        for number, turn in enumerate(turns):
            for step in _steps(turn, number == 0, bot, chat.customer):
                chat.add(copy, turn["at"], **step)
        self._check(id, body, len(turns))
        return chat

    def _check(self, id: str, body: dict[str, Any], turns: int) -> None:
        """Say what is missing."""
        declared = body["declared"].get("interactionCount")
        if not body["listed"]:
            self.sink.note(
                "truncated",
                "conversations were exported without their interactions (list requests omit them)",
                example=id,
            )
        elif declared is not None and declared > turns:
            self.sink.note(
                "truncated",
                "conversations have more interactions than the export contains",
                example=f"{id}: {turns} of {declared}",
            )


read, read_all = _Files.read, _Files.read_all


def _steps(turn: dict[str, Any], first: bool, bot: Actor, customer: str | None) -> Iterator[dict[str, Any]]:
    """What the customer said, what the bot answered, and its markers; all at the time of the interaction."""
    heard = {"intent": turn["intent"], "match": turn["kind"]}
    by_event = turn["input"] == "event"
    actor: Actor = ("system", "event") if by_event else ("customer", customer)
    if first:
        yield {
            "actor": actor,
            "activity": "Conversation started",
            "event_type": "started",
            "text": turn["asked"],
            "details": heard,
        }
    elif not by_event:
        yield {
            "actor": actor,
            "activity": "Customer message",
            "event_type": "message",
            "text": turn["asked"],
            "details": heard,
        }
    yield {
        "actor": bot,
        "activity": "Bot message",
        "event_type": "message",
        "text": turn["answered"],
        "details": {"flow": turn["flow"]},
    }
    if turn["handoff"]:
        yield {
            "actor": bot,
            "activity": "Live agent handoff",
            "event_type": "escalated",
            "handoff_kind": "bot_to_human",
        }
    if turn["ended"]:
        yield {"actor": bot, "activity": "Ended by bot", "event_type": "ended"}


def _intent(names: list[str | None]) -> str | None:
    """The first matched intent that is more than a greeting or a failure to understand."""
    return next((name for name in names if name and name.lower() not in _SMALL_TALK), None)


def _is_conversation(value: dict[str, Any]) -> bool:
    parts = (id_of(value.get("name")) or "").split("/")
    return len(parts) >= 4 and parts[-2] == "conversations" and "agents" in parts[:-2] and bool(parts[-1])
