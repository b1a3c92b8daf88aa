"""A Slack export: `channels.json`, `users.json` and a file a day in a folder a channel.

A thread is the interaction. Slack knows no handoff and no team: who is an agent, and of which team, is declared
(see `people`). The folder of a day's file names its channel.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from miner.errors import InputError, Problem
from miner.events import times
from miner.events.sink import Sink
from miner.events.values import id_of, text_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.chats.people import People
from miner.readers.shared.account_files import AccountFiles
from miner.readers.shared.conversation import SYSTEM, Actor, Conversation, person_key, totals
from miner.readers.shared.fields import Malformed, child
from miner.readers.shared.records import Record, sample
from miner.readers.shared.staging import Staged

NAME = "slack"
TITLE = "Slack export"
NOT_COMPARED = dict.fromkeys(("reply_count", "reply_users_count"), "a thread with fewer replies is noted while reading")
LINKED = True

_DAY = re.compile(r"\d{4}-\d\d-\d\d\.json")
_TS = re.compile(r"\d{9,10}\.\d{1,6}")
_LISTS = frozenset(("channels.json", "groups.json", "dms.json", "mpims.json", "users.json", "org_users.json"))
_BESIDE = frozenset(
    ("integration_logs.json", "canvases.json", "lists.json", "file_conversations.json", "huddle_transcripts.json")
)
_MESSAGES = frozenset((None, "bot_message", "thread_broadcast", "file_share", "me_message", "file_comment"))
_SLACKBOT = "USLACKBOT"


def sniff(file: SourceFile) -> Match | None:
    """Days of messages with `ts`; the lists of users and channels; what lies beside them in an export."""
    name = _base(file)
    if name in _BESIDE or ((name in _LISTS or _DAY.fullmatch(name)) and _is_empty(file)):
        return Match(55, "a file of a Slack export")
    values = [record.value for record in sample(file)]
    if any(_is_message(value) for value in values):
        return Match(93, "messages with ts and type message, as in a Slack export")
    if any(_is_user(value) or _is_channel(value) for value in values):
        return Match(88, "a list of a Slack export")
    return None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one day of one channel; for an export see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the files of one export together: threads go over days, names are in a file of their own."""
    empty = [file for file in files if _base(file) in _BESIDE or _is_empty(file)]
    full = [file for file in files if file not in empty]
    if not full:
        names = ", ".join(file.name for file in files)
        raise InputError(Problem("there are no messages", names, fix="give the whole export"))
    reports = {report.file: report for report in _Files.read_all(full, options, sink)}
    return [reports.get(file.name) or Report(file.name, NAME, "not read") for file in files]


class _Files(AccountFiles):
    name = NAME
    keys = ("agent", "team")
    time_words = "epoch seconds, UTC"
    nothing, fix = "there are no messages", "give the whole export: the folders of the channels too"

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.people = People(options)
        self.users: dict[str, dict[str, Any]] = {}
        self.channels: dict[str, str] = {}  # folder → id
        self.channel = ""

    def stage(self, file: SourceFile) -> None:
        """Lay the messages of a day down, under their threads."""
        self.channel = _folder(file)
        super().stage(file)

    def conclude(self) -> None:
        """Note the declared agents who never came up."""
        self.people.note_unused(self.sink)

    def take(self, record: Record) -> None:
        """A user or a channel to remember, or a message."""
        value = record.value
        if _is_user(value):
            self.users[str(id_of(value.get("id")))] = _user(value)
        elif _is_channel(value):
            # Direct messages have no name: their folder is called by the id.
            self.channels[text_of(value.get("name")) or str(id_of(value.get("id")))] = str(id_of(value.get("id")))
        elif text_of(value.get("type")) != "message":
            raise Malformed("type", "not a message", value.get("type"))
        else:
            self._message(record.line, value)

    def _message(self, line: int, value: dict[str, Any]) -> None:
        ts, kind = _ts(value, "ts"), text_of(value.get("subtype"))
        if kind not in _MESSAGES:
            self.sink.note("left out", "system messages (joined, left, renamed …) are not steps", example=kind)
            return
        thread = _ts(value, "thread_ts") if value.get("thread_ts") is not None else ts
        profile = child(value, "user_profile")
        declared = totals(value, ("reply_count", "reply_users_count"))
        body = {
            "ts": ts,
            "thread": thread,
            "channel": self.channel,
            "user": id_of(value.get("user")),
            "bot": id_of(value.get("bot_id")),
            "is_bot": kind == "bot_message" or value.get("bot_id") is not None,
            "name": text_of(value.get("username")) or text_of(profile.get("real_name")),
            "declared": declared,
            "text": text_of(value.get("text")),
        }
        edited = child(value, "edited").get("ts")
        version = times.from_epoch(edited) if isinstance(edited, str) and _TS.fullmatch(edited) else 0
        self.staging.add(
            line,
            f"{self.channel}/{thread}",
            body,
            at=times.from_epoch(ts),
            id=f"{self.channel}/{ts}",
            version=version + len(declared),
        )

    def interaction(self, key: str, records: list[Staged]) -> Conversation:
        """The messages of a thread."""
        first = records[0].body
        channel = self.channels.get(first["channel"], first["channel"])
        whole = first["ts"] == first["thread"]
        starter = self._actor(first, starts=whole) if whole else SYSTEM
        user = self.users.get(first["user"] or "", {})
        asks = starter[0] == "customer"
        chat = Conversation(
            self.sink, f"{NAME}:{channel}/{first['thread']}", NAME, "chat", starter[1] if asks else None
        )
        chat.identity = {"id": first["user"], "name": user.get("name"), "email": user.get("email")} if asks else {}
        chat.declared = first["declared"] if whole else {}
        for copy in records:
            body = copy.body
            starts = body["ts"] == body["thread"]
            actor = starter if starts else self._actor(body)
            if asks and body["user"] == first["user"]:
                actor = starter
            activity = (
                "Thread started"
                if starts
                else {"customer": "Customer message", "agent": "Reply", "bot": "Bot message"}.get(actor[0], "Message")
            )
            chat.add(
                copy,
                copy.at,
                actor,
                activity,
                "started" if starts else "message",
                self.people.team(actor[1]),
                text=body["text"],
                details={"channel": body["channel"] or None} if starts else None,
            )
        declared = first["declared"].get("reply_count", 0) if whole else 0
        if not whole:
            self.sink.note("truncated", "threads without their first message", example=chat.key)
        elif declared > len(records) - 1:
            self.sink.note(
                "truncated",
                "threads have more replies (reply_count) than the export contains",
                example=f"{chat.key}: {len(records) - 1} of {declared}",
            )
        return chat

    def _actor(self, body: dict[str, Any], starts: bool = False) -> Actor:
        """An agent where declared; who starts a thread asks, where agents are declared; a bot that answers owns."""
        id = body["user"] or body["bot"]
        user = self.users.get(id or "", {})
        name = user.get("name") or body["name"] or id
        agent = self.people.find(id, *user.get("names", ()), body["name"])
        if agent is not None:
            return "agent", agent
        if id == _SLACKBOT:
            return "system", "Slackbot"
        if user.get("is_bot") or body["is_bot"]:
            return ("rule" if starts else "bot"), name or "bot"
        if starts and self.people:
            return "customer", person_key(NAME, id, user.get("email"))
        return "unknown", name


def _ts(value: dict[str, Any], name: str) -> str:
    """A time that is an id too: text, so that no digit is lost."""
    stamp = value.get(name)
    if not isinstance(stamp, str) or not _TS.fullmatch(stamp):
        raise Malformed(name, f'{name} is not text such as "1772442000.000200"', stamp)
    return stamp


def _user(value: dict[str, Any]) -> dict[str, Any]:
    profile = child(value, "profile")
    names = [
        text_of(holder.get(name))
        for holder in (profile, value)
        for name in ("display_name", "real_name", "name", "email")
    ]
    known = [name for name in names if name]
    return {
        "name": known[0] if known else id_of(value.get("id")),
        "names": known,
        "email": text_of(profile.get("email")),
        "is_bot": value.get("is_bot") is True,
    }


def _is_message(value: dict[str, Any]) -> bool:
    ts = value.get("ts")
    return value.get("type") == "message" and isinstance(ts, str) and bool(_TS.fullmatch(ts))


def _is_user(value: dict[str, Any]) -> bool:
    return "is_bot" in value and isinstance(value.get("profile"), dict) and id_of(value.get("id")) is not None


def _is_channel(value: dict[str, Any]) -> bool:
    return isinstance(value.get("members"), list) and "created" in value and id_of(value.get("id")) is not None


def _base(file: SourceFile) -> str:
    return file.name.replace("\\", "/").rpartition("/")[2]


def _folder(file: SourceFile) -> str:
    """The channel's folder; "" where only the file's own name is known."""
    inside = file.name.replace("\\", "/").rpartition("/")[0]
    if inside and not inside.lower().endswith((".zip", ".gz")):
        return inside.rpartition("/")[2]
    on_disk = Path(file.path)
    return on_disk.parent.name if on_disk.name == _base(file) and not inside else ""


def _is_empty(file: SourceFile) -> bool:
    return file.whole and file.head.strip() in (b"[]", b"{}", b"")
