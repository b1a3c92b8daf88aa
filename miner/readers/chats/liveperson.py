"""LivePerson: conversations of the Messaging Interactions API and chats of the Engagement History API.

What the parts of a conversation mean is in `liveperson_steps`. Literal "undefined", "null", "NA" and -1 are nothing.
"""

from __future__ import annotations

from typing import Any

from miner.events.values import id_of, text_of
from miner.readers.base import Match, SourceFile
from miner.readers.chats.liveperson_steps import ConversationSteps, EngagementSteps, known
from miner.readers.shared.account_files import AccountFiles
from miner.readers.shared.conversation import Conversation, person_key, totals
from miner.readers.shared.fields import Malformed, child, children
from miner.readers.shared.records import Record, sample, shows
from miner.readers.shared.staging import Staged

NAME = "liveperson"
TITLE = "LivePerson conversations and engagements"
NOT_COMPARED = {
    "duration": "it is not a count",
    **dict.fromkeys(("mcs", "alertedMCS", "csat"), "it is a score, not a count"),
}
LINKED = True
OUTCOMES = ("closed",)

_PAGES = ("conversationHistoryRecords", "interactionHistoryRecords")
_LISTS = ("messageRecords", "agentParticipants", "agentParticipantsLeave", "transfers")
_INFO = (
    "latestSkillId",
    "latestSkillName",
    "latestAgentId",
    "source",
    "closeReason",
    "status",
    "skillId",
    "skillName",
    "agentId",
    "agentFullName",
    "agentNickName",
    "agentName",
    "endReasonDesc",
    "agentGroupName",
    "userTypeName",
)


def sniff(file: SourceFile) -> Match | None:
    """Records with `info` that holds a conversationId and a brandId, or an engagementId."""
    for record in sample(file, _PAGES):
        if _kind(record.value):
            return Match(95, f"records with info.{_kind(record.value)}, as in LivePerson")
    return Match(70, "a long record as in LivePerson") if shows(file, "info", "brandId", "conversationId") else None


class _Files(AccountFiles):
    """Read the files of one account together: a conversation that went on is delivered again."""

    name = NAME
    pages, keys, unit = _PAGES, (), "ms"
    time_words = "epoch milliseconds, UTC"
    nothing, fix = "there are no conversations", "export /conversations/search or /interactions/search"

    def take(self, record: Record) -> None:
        """A conversation or an engagement with its times read."""
        value, kind = record.value, _kind(record.value)
        if kind is None:
            raise Malformed("info", "neither a conversation nor an engagement", sorted(value)[:10])
        info = child(value, "info")
        id = str(id_of(info.get(kind)))
        at = self._time(info, "chatRequestedTime") or self._time(info, "startTime")
        if at is None:
            raise Malformed("startTimeL", "startTimeL is missing", id)
        body = {
            "kind": kind,
            "id": id,
            "info": {name: known(info.get(name)) for name in _INFO},
            "start": self._time(info, "startTime"),
            "end": self._time(info, "endTime"),
            "partial": info.get("isPartial") is True,
            "declared": totals(info, ("duration", "csat", "csatRate", "mcs", "chatMCS", "alertedMCS")),
            "listed": [name for name in (*_LISTS, "transcript") if value.get(name) is not None],
            "surveys": [
                id_of(d.get("dialogId"))
                for d in children(value, "dialogs")
                if text_of(d.get("dialogType")) == "POST_SURVEY"
            ],
            "lines": [self._line(line) for line in children(child(value, "transcript"), "lines")],
            **_customer(value, info),
        }
        for name in _LISTS:
            body[name] = [self._entry(entry) for entry in children(value, name)]
        size = sum(len(body[name]) for name in (*_LISTS, "lines"))
        self.staging.add(record.line, id, body, at=at, id=f"{kind} {id}", version=(body["end"] or 0) + size)

    def interaction(self, key: str, records: list[Staged]) -> Conversation:
        """The steps of a conversation or an engagement."""
        one = records[-1]
        steps = ConversationSteps if one.body["kind"] == "conversationId" else EngagementSteps
        return steps(one, self.sink).tell()

    def _time(self, holder: dict[str, Any], name: str) -> int | None:
        """`nameL` in milliseconds, else the text under `name`; -1 and "undefined" are none."""
        for field in (f"{name}L", name):
            value = holder.get(field)
            if value is not None and known(value) is not None:
                return self.clock.of(holder, field)
        return None

    def _entry(self, entry: dict[str, Any]) -> dict[str, Any]:
        at = self._time(entry, "time")
        if at is None:
            raise Malformed("timeL", "timeL of an entry is missing", entry.get("messageId") or entry.get("agentId"))
        fields = {name: known(value) for name, value in entry.items() if not isinstance(value, (dict, list))}
        message = entry.get("messageData")
        content = message.get("msg") if isinstance(message, dict) else None
        return {**fields, "at": at, "text": text_of(content.get("text")) if isinstance(content, dict) else None}

    def _line(self, line: dict[str, Any]) -> dict[str, Any]:
        at = self._time(line, "time")
        if at is None:
            raise Malformed("timeL", "timeL of a line is missing", line.get("lineSeq"))
        agent = known(line.get("agentId"))
        return {
            "at": at,
            "source": text_of(line.get("source")),
            "by": text_of(line.get("by")),
            "agent": None if agent == "0" else agent,
            "text": text_of(line.get("text")),
        }


read, read_all = _Files.read, _Files.read_all


def _kind(value: dict[str, Any]) -> str | None:
    info = value.get("info")
    if not isinstance(info, dict):
        return None
    if id_of(info.get("conversationId")) and ("brandId" in info or "latestSkillId" in info or "startTimeL" in info):
        return "conversationId"
    return "engagementId" if id_of(info.get("engagementId")) and "startTimeL" in info else None


def _customer(value: dict[str, Any], info: dict[str, Any]) -> dict[str, Any]:
    """Who the customer is: a declared id of the engagement attributes, else e-mail, phone, the consumer's own id."""
    people = children(value, "consumerParticipants") or children(value, "consumerParticipant")
    person = people[0] if people else {}
    events = [event for name in ("sdes", "unAuthSdes") for event in children(child(value, name), "events")]
    inner = [child(child(event, "customerInfo"), "customerInfo") for event in events]
    declared = next((known(info.get("customerId")) for info in inner if known(info.get("customerId"))), None)
    own = known(person.get("participantId")) or known(info.get("visitorId"))
    email, phone = known(person.get("email")), known(person.get("phone"))
    names = [known(person.get("firstName")), known(person.get("lastName"))]
    seen = child(value, "monitoring") or child(value, "visitorInfo")
    return {
        "customer": person_key(NAME, own, email, phone, declared),
        "consumer": own,
        "identity": {
            "id": declared or own,
            "email": email,
            "phone": phone,
            "name": " ".join(name for name in names if name) or known(info.get("visitorName")),
            "user_agent": known(seen.get("browser")) or known(info.get("browser")),
            "device": known(seen.get("device")) or known(info.get("device")),
        },
    }
