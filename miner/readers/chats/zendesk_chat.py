"""Zendesk Chat: chats with their history, from the REST interface or the incremental export.

A chat belongs to a department; an agent's steps are those of the department that had the chat when they joined.
Where `department_id` of an entry differs from the one before, the chat was transferred.
"""

from __future__ import annotations

from typing import Any

from miner.events.sink import Sink
from miner.events.times import SECOND
from miner.events.values import id_of, number_of, text_of
from miner.readers.base import Match, Options, SourceFile
from miner.readers.shared.account_files import AccountFiles
from miner.readers.shared.conversation import SYSTEM, Actor, Conversation, person_key, totals, words
from miner.readers.shared.fields import Malformed, child, children
from miner.readers.shared.records import Record, sample, shows
from miner.readers.shared.staging import Staged

NAME = "zendesk_chat"
TITLE = "Zendesk Chat"
TOTALS = {"count.agent": "replies"}
NOT_COMPARED = {
    "count.total": "messages of triggers do not count",
    "agent_ids": "it includes agents who were only invited",
    "count.visitor": "we do not count customer messages alone",
    **dict.fromkeys(("duration", "response_time.first", "response_time.avg", "response_time.max"), "it is not a count"),
}
LINKED = True
OUTCOMES = ("abandoned",)

_PAGES = ("chats", "departments")
_STEPS = {
    "chat.rating": ("Survey answered", "survey_answered"),
    "chat.comment": ("Survey comment", "survey_answered"),
    "chat.request.rating": ("Survey offered", "survey_offered"),
    "chat.tags": ("Changed tags", "field_changed"),
}
_MESSAGES = frozenset(("chat.msg", "chat.file", "chat.file.upload"))


def sniff(file: SourceFile) -> Match | None:
    """Chats have a visitor, and a history or the type offline_msg."""
    if any(_is_chat(record.value) for record in sample(file, _PAGES)):
        return Match(93, "records with visitor and history, as in Zendesk Chat")
    return Match(70, "a long record with visitor and history") if shows(file, "visitor", "chat.msg") else None


class _Files(AccountFiles):
    """Read the files of one account together: a chat that was updated is exported again."""

    name = NAME
    pages, keys = _PAGES, ()
    nothing = "there are no chats"
    fix = "export /api/v2/chats or /api/v2/incremental/chats?fields=chats(*)"

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.departments: dict[str, str] = {}

    def take(self, record: Record) -> None:
        """A department's name, or a chat with its entries' times read."""
        value, id = record.value, id_of(record.value.get("id"))
        if record.key == "departments" or ("members" in value and "name" in value and "visitor" not in value):
            self.departments[str(id)] = text_of(value.get("name")) or str(id)
            return
        if id is None:
            raise Malformed("id", "id is missing", value.get("id"))
        if not _is_chat(value):
            raise Malformed("history", "not a chat: history and visitor are missing", id)
        history = [{**_known(entry), "at": self.clock.need(entry, "timestamp")} for entry in children(value, "history")]
        at, visitor, session = self.clock.need(value, "timestamp"), child(value, "visitor"), child(value, "session")
        ended = self.clock.of(value, "end_timestamp")
        lasted = number_of(value.get("duration"))
        if ended is None and lasted is not None and 0 <= lasted < 1e9:
            ended = at + int(lasted * SECOND)
        declared = (
            totals(value, ("duration",))
            | totals(child(value, "count"), ("visitor", "agent", "total"), "count.")
            | totals(child(value, "response_time"), ("first", "avg", "max"), "response_time.")
        )
        agents = value.get("agent_ids")
        body = {
            "id": id,
            "type": text_of(value.get("type")) or "chat",
            "started_by": text_of(value.get("started_by")),
            "department": _department(value),
            "history": history,
            "ended": ended,
            "missed": value.get("missed") is True,
            "listed": "history" in value,
            "rating": text_of(value.get("rating")),
            "declared": declared | ({"agent_ids": len(agents)} if isinstance(agents, list) else {}),
            "ticket": id_of(value.get("zendesk_ticket_id")),
            "text": text_of(value.get("message")),
            "customer": person_key(NAME, visitor.get("id"), visitor.get("email"), visitor.get("phone")),
            "identity": {
                "id": id_of(visitor.get("id")),
                "email": text_of(visitor.get("email")),
                "name": text_of(visitor.get("name")),
                "phone": text_of(visitor.get("phone")),
                "user_agent": text_of(session.get("user_agent")),
                "device": text_of(session.get("platform")),
            },
        }
        version = self.clock.of(value, "update_timestamp") or (len(history) + (ended or 0))
        self.staging.add(record.line, id, body, at=at, id=id, version=version)

    def interaction(self, key: str, records: list[Staged]) -> Conversation:
        """The steps of a chat."""
        return _Chat(records[-1], self.departments, self.sink).tell()


read, read_all = _Files.read, _Files.read_all


class _Chat:
    """One chat on its way through its history."""

    def __init__(self, staged: Staged, names: dict[str, str], sink: Sink):
        self.staged, self.body, self.names, self.sink = staged, staged.body, names, sink
        offline = self.body["type"] == "offline_msg"
        self.chat = Conversation(
            sink, f"{NAME}:{self.body['id']}", NAME, "web_form" if offline else "chat", self.body["customer"]
        )
        self.chat.declared, self.chat.identity = self.body["declared"], self.body["identity"]
        for entry in self.body["history"]:
            if entry["department"]["id"] and entry["department"]["name"]:
                self.names.setdefault(entry["department"]["id"], entry["department"]["name"])
        self.department = self._first_department()
        self.departments_of: dict[str, str | None] = {}  # the agents who joined and are still there → their department
        self.joined = False

    def tell(self) -> Conversation:
        """All steps, in the order of time."""
        body, chat = self.body, self.chat
        starter: Actor = {"agent": SYSTEM, "trigger": ("rule", "trigger")}.get(
            body["started_by"] or "", ("customer", body["customer"])
        )
        chat.add(
            self.staged,
            self.staged.at,
            starter,
            "Offline message" if body["type"] == "offline_msg" else "Chat started",
            "started",
            text=body["text"],
        )
        for entry in sorted(body["history"], key=lambda entry: entry["at"]):
            self._entry(entry)
        if body["missed"] and not self.joined:
            at = max(body["ended"] or 0, self._last())
            chat.add(self.staged, at, ("customer", body["customer"]), "Abandoned", "abandoned")
            chat.outcome = "abandoned"
        elif body["ended"] is not None and body["type"] != "offline_msg":
            chat.add(self.staged, max(body["ended"], self._last()), SYSTEM, "Chat ended", "ended")
        if body["ticket"]:
            self.sink.refer(chat.key, f"zendesk:{body['ticket']}", "ticket id")
        if not body["listed"] and body["type"] != "offline_msg":
            self.sink.note(
                "truncated", "chats were exported without their history (request all fields)", example=body["id"]
            )
        return chat

    def _entry(self, entry: dict[str, Any]) -> None:
        kind, actor = entry["type"] or "", self._actor(entry)
        self._move(entry, actor)
        if kind == "chat.memberjoin":
            self._join(entry, actor)
        elif kind == "chat.memberleave":
            self._leave(entry, actor)
        elif kind in _MESSAGES:
            names = {"customer": "Customer message", "agent": "Reply", "rule": "Trigger message"}
            self._add(entry, actor, names.get(actor[0], "System message"), "message", text=entry["msg"])
        elif kind in _STEPS:
            score = entry["rating"] if kind == "chat.rating" else None
            self._add(entry, actor, *_STEPS[kind], details={"score": score})
        elif not self._is_move(entry):
            self.sink.note("unknown values", "unknown kinds of entries were kept by name", example=kind)
            self._add(entry, ("system", actor[1]), words(kind), None)

    def _is_move(self, entry: dict[str, Any]) -> bool:
        return bool(entry["before"] or (entry["department"]["id"] and entry["type"] not in _MESSAGES))

    def _move(self, entry: dict[str, Any], actor: Actor) -> None:
        """The chat goes to another department: the sender's last step, a handoff once an agent had it."""
        before, now = entry["before"], entry["department"]["id"]
        if before and self.department and before != self.department:
            self.sink.note(
                "truncated", "a transfer begins in another department than the one before", example=self.body["id"]
            )
        if now and now != (before or self.department):
            kind = "group_reassign" if self.joined else None
            move = {"from_team": self._named(before or self.department), "to_team": self._named(now)}
            name = "Transferred to department" if self.joined else "Routed to department"
            self._add(entry, actor, name, "assigned", handoff_kind=kind, details=move)
            self.department = now

    def _join(self, entry: dict[str, Any], actor: Actor) -> None:
        if actor[0] != "agent":
            self._add(entry, actor, "Joined", None)
            return
        together = any(one == self.department for one in self.departments_of.values())
        self.departments_of[str(actor[1])], self.joined = self.department, True
        self._add(entry, actor, "Agent joined", "conference_join" if together else "agent_connected")

    def _leave(self, entry: dict[str, Any], actor: Actor) -> None:
        """Who leaves after the chat went on to another department does not take it back by that."""
        department = self.departments_of.pop(str(actor[1]), self.department)
        gone = actor[0] == "agent" and department != self.department
        details = {"agent": actor[1]} if gone else None
        self._add(
            entry,
            SYSTEM if gone else actor,
            "Agent left" if actor[0] == "agent" else "Left",
            "agent_released" if actor[0] == "agent" else "ended",
            details=details,
        )

    def _actor(self, entry: dict[str, Any]) -> Actor:
        nick, name = (entry["nick"] or "").lower(), entry["name"]
        if nick.startswith("visitor"):
            return "customer", self.body["customer"]
        if nick == "agent:trigger":
            return "rule", name or "trigger"
        if nick == "agent:system" or nick.startswith("system"):
            return SYSTEM
        if nick.startswith("agent") or entry["agent_id"]:
            return "agent", name or entry["agent_id"] or nick.partition(":")[2]
        return "unknown", name

    def _add(self, entry: dict[str, Any], actor: Actor, activity: str, event_type: str | None, **more: Any) -> None:
        team = self.departments_of.get(str(actor[1]), self.department)
        self.chat.add(self.staged, entry["at"], actor, activity, event_type, self._named(team), **more)

    def _first_department(self) -> str | None:
        moves = [entry for entry in self.body["history"] if entry["before"]]
        department = self.body["department"]
        if department["id"] and department["name"]:
            self.names.setdefault(department["id"], department["name"])
        return moves[0]["before"] if moves else department["id"]

    def _named(self, department: str | None) -> str | None:
        return self.names.get(department, department) if department else None

    def _last(self) -> int:
        return max((step["started_us"] for step in self.chat.steps), default=self.staged.at)


def _known(entry: dict[str, Any]) -> dict[str, Any]:
    """The parts of an entry that are used."""
    return {
        "type": text_of(entry.get("type")),
        "nick": text_of(entry.get("nick")),
        "name": text_of(entry.get("name")),
        "agent_id": id_of(entry.get("agent_id")),
        "msg": text_of(entry.get("msg")),
        "rating": text_of(entry.get("new_rating")),
        "department": _department(entry),
        "before": id_of(entry.get("prev_department_id")),
    }


def _department(holder: dict[str, Any]) -> dict[str, str | None]:
    key = id_of(holder.get("department_id"))
    return {"id": None if key in ("0", "-1") else key, "name": text_of(holder.get("department_name"))}


def _is_chat(value: dict[str, Any]) -> bool:
    return "visitor" in value and ("history" in value or value.get("type") in ("chat", "offline_msg"))
