"""LiveChat (text.com): archived chats of the Agent Chat API, a thread each.

A chat goes on for as long as its customer comes back, so a thread is the interaction. A thread belongs to a group;
the system message `chat_transferred` names the group or agent it goes to.
"""

from __future__ import annotations

from typing import Any

from miner.events.sink import Sink
from miner.events.values import id_of, text_of
from miner.readers.base import Match, Options, SourceFile
from miner.readers.shared.account_files import AccountFiles
from miner.readers.shared.clock import Clock
from miner.readers.shared.conversation import SYSTEM, Actor, Conversation, person_key, totals, words
from miner.readers.shared.fields import Malformed, child, children
from miner.readers.shared.records import Record, sample, shows
from miner.readers.shared.staging import Staged

NAME = "livechat"
TITLE = "LiveChat archives"
NOT_COMPARED = {"rating.score": "it is a score, not a count"}
LINKED = True
OUTCOMES = ("closed",)

_PAGES = ("chats",)
_STEPS: dict[str, tuple[str, str | None]] = {
    "rating.chat_rated": ("Survey answered", "survey_answered"),
    "rating.chat_commented": ("Survey comment", "survey_answered"),
    "rating.chat_rating_canceled": ("Rating taken back", "survey_answered"),
    "customer_updated": ("Customer renamed", None),
    "customer_added": ("Customer added", None),
    "customer_removed": ("Customer removed", None),
}
_JOINED = frozenset(("agent_added", "agent_joined"))
_LEFT = frozenset(("agent_left", "agent_removed"))
_BY_CUSTOMER = frozenset(("manual_archived_customer", "archived_customer_disconnected"))


def sniff(file: SourceFile) -> Match | None:
    """Chats with `users` and a `thread` (or `threads`) that has events."""
    records = sample(file, _PAGES)
    if any(_threads(record.value) for record in records):
        return Match(95, "chats with users and threads of events, as in LiveChat")
    if any("agent_priorities" in record.value for record in records):
        return Match(60, "groups with agent_priorities, as in LiveChat")
    if any("owner_client_id" in record.value for record in records):
        return Match(60, "bots with owner_client_id, as in LiveChat")
    return Match(70, "a long chat with a thread, as in LiveChat") if shows(file, "thread", "author_id") else None


class _Files(AccountFiles):
    """Read the files of one licence together; groups, agents and bots beside the chats give names."""

    name = NAME
    pages, keys = _PAGES, ()
    nothing = "there are no chats"
    fix = "export list_archives or get_chat of the Agent Chat API"

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.groups: dict[str, str] = {}
        self.members: dict[str, set[str]] = {}  # agent → groups
        self.bots: set[str] = set()

    def take(self, record: Record) -> None:
        """A group, an agent or a bot to remember, or a chat with its threads."""
        value, id = record.value, id_of(record.value.get("id"))
        if id is None:
            raise Malformed("id", "id is missing", value.get("id"))
        if "agent_priorities" in value:
            self.groups[id] = text_of(value.get("name")) or id
            for agent in child(value, "agent_priorities"):
                self.members.setdefault(agent, set()).add(id)
        elif "owner_client_id" in value:
            self.bots.add(id)
        elif "groups" in value and "users" not in value:
            for group in children(value, "groups"):
                self.members.setdefault(id, set()).add(str(id_of(group.get("id"))))
        else:
            threads = _threads(value)
            if not threads:
                raise Malformed("thread", "not a chat: there is no thread", id)
            users = {str(id_of(user.get("id"))): _user(user) for user in children(value, "users")}
            for thread in threads:
                self._thread(record.line, id, thread, users, child(value, "access"))

    def _thread(
        self,
        line: int,
        chat: str,
        thread: dict[str, Any],
        users: dict[str, Any],
        access: dict[str, Any],
    ) -> None:
        id, events = id_of(thread.get("id")), [_event(event, self.clock) for event in children(thread, "events")]
        if id is None:
            raise Malformed("thread", "the id of a thread is missing", chat)
        at = self.clock.of(thread, "created_at") or min((event["at"] for event in events), default=None)
        if at is None:
            raise Malformed("created_at", "created_at is missing", id)
        groups = (child(thread, "access") or access).get("group_ids")
        rating = child(child(thread, "properties"), "rating")
        body = {
            "id": id,
            "chat": chat,
            "users": users,
            "events": events,
            "active": thread.get("active") is True,
            "group": id_of(groups[-1]) if isinstance(groups, list) and groups else None,
            "declared": totals(rating, ("score",), "rating."),
            "listed": "events" in thread,
        }
        self.staging.add(line, id, body, at=at, id=id, version=len(events))

    def interaction(self, key: str, records: list[Staged]) -> Conversation:
        """The steps of a thread."""
        return _Thread(records[-1], self).tell()


read, read_all = _Files.read, _Files.read_all


class _Thread:
    """One thread on its way through its events."""

    def __init__(self, staged: Staged, licence: _Files):
        self.staged, self.body, self.licence, self.sink = staged, staged.body, licence, licence.sink
        self.users: dict[str, dict[str, Any]] = self.body["users"]
        person: dict[str, Any] = next((user for user in self.users.values() if user["type"] == "customer"), {})
        self.customer: Actor = ("customer", person.get("key"))
        self.chat = Conversation(self.sink, f"{NAME}:{self.body['id']}", NAME, "chat", person.get("key"))
        self.chat.declared, self.chat.identity = self.body["declared"], person.get("identity", {})
        self.names = {user["name"]: id for id, user in self.users.items() if user["type"] != "customer"}
        moves = [event for event in self.body["events"] if event["system"] == "chat_transferred"]
        self.moved = any(self._group_of(event) for event in moves)
        group = self.body["group"]
        # Only the last group is on record: the one before the first transfer is not.
        self.group = None if self.moved else licence.groups.get(group, group) if group is not None else None
        self.groups_of: dict[str | None, str | None] = {}
        self.answered = self.told_gap = False

    def tell(self) -> Conversation:
        """All steps, in the order of time."""
        self.chat.add(self.staged, self.staged.at, self.customer, "Chat started", "started")
        for event in sorted(self.body["events"], key=lambda event: event["at"]):
            self._event(event)
        if not self.body["listed"]:
            self.sink.note(
                "truncated",
                "threads were exported without their events (list requests omit them)",
                example=self.body["id"],
            )
        return self.chat

    def _event(self, event: dict[str, Any]) -> None:
        kind = event["type"]
        if kind == "system_message":
            self._system(event)
            return
        actor = self._actor(event["author"])
        internal = event["visibility"] == "agents" or kind == "annotation"
        if kind in ("message", "file", "rich_message", "filled_form", "form", "custom", "annotation"):
            names = {"customer": "Customer message", "agent": "Reply", "bot": "Bot message"}
            activity = "Internal note" if internal else names.get(actor[0], "Message")
            self._add(event, actor, activity, "note" if internal else "message", text=event["text"])
        else:
            self.sink.note("unknown values", "unknown event types were kept by name", example=kind)
            self._add(event, actor if actor[0] == "customer" else SYSTEM, words(kind), None)

    def _system(self, event: dict[str, Any]) -> None:
        kind = event["system"] or ""
        if kind == "chat_transferred":
            self._transfer(event)
        elif kind in _JOINED:
            agent = self._named(event["vars"].get("agent"))
            self._add(event, agent, "Agent joined", "conference_join" if self.answered else "agent_connected")
        elif kind in _LEFT:
            self._add(event, SYSTEM, "Agent left", "agent_released", details={"agent": event["vars"].get("agent")})
        elif kind == "manual_archived_agent":
            self._add(event, self._named(event["vars"].get("agent")), "Closed", "closed", outcome="closed")
        elif kind in _BY_CUSTOMER:
            self._add(event, self.customer, "Customer left", "ended")
        elif kind in _STEPS:
            self._add(event, self.customer, *_STEPS[kind], details={"score": event["vars"].get("score")})
        elif kind.startswith("routing.assigned"):
            self._add(event, SYSTEM, words(kind), "assigned", details={"to_agent": event["vars"].get("agent")})
        elif kind.startswith("routing.unassigned"):
            self._add(event, SYSTEM, words(kind), "unassigned")
        elif kind.startswith("routing.archived") or kind == "customer_banned":
            self._add(event, SYSTEM, words(kind), "ended")
        else:
            # Integrations write types of their own.
            self.sink.note("unknown values", "unknown types of system messages were kept by name", example=kind)
            self._add(event, SYSTEM, words(kind), None)

    def _transfer(self, event: dict[str, Any]) -> None:
        """The sender's last step; a handoff where somebody had the chat."""
        actor, to_group = self._named(event["vars"].get("initiator")), self._group_of(event)
        to_agent = None if to_group else event["vars"].get("targets")
        kind = None
        if actor[0] == "bot":
            kind = "bot_to_human"
        elif self.answered:
            kind = "group_reassign" if to_group else "agent_reassign"
        if self.group is None and to_group:
            self.sink.note(
                "truncated", "the first group of a transferred chat is not recorded", example=self.body["id"]
            )
        self._add(
            event,
            actor,
            "Transferred to group" if to_group else "Transferred to agent",
            "assigned",
            handoff_kind=kind,
            details={"from_team": self.group, "to_team": to_group, "to_agent": to_agent},
        )
        self.group = to_group or self.group

    def _group_of(self, event: dict[str, Any]) -> str | None:
        """The group a transfer goes to; None where its target is an agent."""
        target: str | None = event["vars"].get("targets")
        return None if target is None or target in self.names or target in self.users else target

    def _named(self, name: str | None) -> Actor:
        """Who a system message names: an agent or bot of this chat, else the system."""
        id = self.names.get(name, name if name in self.users else None) if name is not None else None
        return self._actor(id) if id is not None else ("system", name or "system")

    def _actor(self, id: str | None) -> Actor:
        user = self.users.get(id or "")
        if user is None:
            return ("bot", id) if id in self.licence.bots else ("unknown", id)
        if user["type"] == "customer":
            return self.customer
        if user["type"] == "bot" or id in self.licence.bots:
            return "bot", user["name"]
        return "agent", user["name"]

    def _add(self, event: dict[str, Any], actor: Actor, activity: str, event_type: str | None, **more: Any) -> None:
        team = None
        if actor[0] == "agent":
            self.answered = True
            team = self.groups_of.setdefault(actor[1], self.group or self._only_group(actor[1]))
        self.chat.add(self.staged, event["at"], actor, activity, event_type, team, **more)

    def _only_group(self, name: str | None) -> str | None:
        """The group of an agent who is in one only."""
        groups = self.licence.members.get(self.names.get(name, ""), set())
        return self.licence.groups.get(*groups, *groups) if len(groups) == 1 else None


def _threads(value: dict[str, Any]) -> list[dict[str, Any]]:
    """The threads of a chat; [] where it is none."""
    listed = value.get("threads") if isinstance(value.get("threads"), list) else [value.get("thread")]
    threads = [thread for thread in listed or [] if isinstance(thread, dict)]
    return threads if isinstance(value.get("users"), list) else []


def _user(user: dict[str, Any]) -> dict[str, Any]:
    id, name, email = id_of(user.get("id")), text_of(user.get("name")), text_of(user.get("email"))
    visit = child(user, "last_visit")
    return {
        "type": text_of(user.get("type")),
        "name": name or id,
        "key": person_key(NAME, id, email),
        "identity": {"id": id, "name": name, "email": email, "user_agent": text_of(visit.get("user_agent"))},
    }


def _event(event: dict[str, Any], clock: Clock) -> dict[str, Any]:
    return {
        "at": clock.need(event, "created_at"),
        "type": text_of(event.get("type")) or "",
        "author": id_of(event.get("author_id")),
        "text": text_of(event.get("text")),
        "visibility": text_of(event.get("visibility")) or text_of(event.get("recipients")),
        "system": text_of(event.get("system_message_type")),
        "vars": {name: text_of(value) for name, value in child(event, "text_vars").items()},
    }
