"""WhatsApp: a chat exported from a phone as text (`_chat.txt`, `WhatsApp Chat with ….txt`).

The text holds times of the phone without a zone, names and messages, and no more: who is an agent is declared (see
`people`). A silence of more than a day ends an interaction. How the lines are read is in `whatsapp_lines`.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator

from miner.errors import InputError, Problem
from miner.events import times
from miner.events.sink import Sink
from miner.events.values import phone_key
from miner.readers.base import Match, Options, SourceFile
from miner.readers.chats.people import People
from miner.readers.chats.whatsapp_lines import Line, begins, lines, moment, order_of, reads_like_a_chat
from miner.readers.shared.account_files import AccountFiles
from miner.readers.shared.conversation import SYSTEM, Actor, Conversation
from miner.readers.shared.staging import Staged

NAME = "whatsapp"
TITLE = "WhatsApp chat export"
LINKED = True

_SILENCE = 24 * 3_600 * times.SECOND
_WORDS = {"dmy": "day/month/year", "mdy": "month/day/year", "ymd": "year/month/day"}
_NAMED = re.compile(r"(^|[/\\])_chat\.txt$|whatsapp", re.IGNORECASE)
_TITLE = re.compile(r"(whatsapp[ _-]*)?chat[ _-]*(with|mit|con|com|met|avec|-)?[ _-]*|\.(zip|txt)", re.IGNORECASE)


def sniff(file: SourceFile) -> Match | None:
    """Lines that begin with a date, a time and a name, as phones write them."""
    head = [line for line in file.head.decode("utf-8", "replace").split("\n")[:40] if line.strip()]
    matches = [match for line in head if (match := begins(line))]
    if not matches or not any(begins(line) for line in head[:2]):
        return None
    if _NAMED.search(file.name):
        return Match(92, "a chat exported from WhatsApp")
    if all(map(reads_like_a_chat, matches)) and 4 * len(matches) >= len(head):
        return Match(75, "lines that begin with a date, a time and a name, as in a WhatsApp chat")
    return None


class _Files(AccountFiles):
    """Chats of one phone: of a chat that was exported twice the messages are read once."""

    name = NAME
    keys = ("agent", "team")
    nothing, fix = "there are no messages", "export the chat again"

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.people = People(options)
        self.others: set[str] = set()

    def stage(self, file: SourceFile) -> None:
        """Lay the messages of a chat down; the whole file is read with days or months first."""
        zone = self.clock.zone
        if zone is None:
            raise InputError(
                Problem(
                    "times have no time zone; they are the phone's local times",
                    file.name,
                    1,
                    fix="set the phone's time zone: --tz Europe/Berlin",
                )
            )
        order = order_of(file.path, file.name, self.options.dayfirst)
        self.report.time = f"{_WORDS[order]}, zone {self.options.tz}"
        chat, copies = _chat(file), Counter[str]()
        for line in lines(file.path):
            if not isinstance(line, Line):
                self.sink.reject(line[0], None, line[1], "a line before the first message")
                continue
            try:
                at = times.from_iso(moment(line, order), zone)
            except ValueError as error:
                self.sink.reject(line.number, "time", "/".join(line.date), str(error))
                continue
            # The same message twice in one file is written twice; the same in two files is one.
            same = f"{chat} {at} {line.author} {hashlib.sha256(line.text.encode('utf-8', 'replace')).hexdigest()}"
            copies[same] += 1
            self.staging.add(
                line.number,
                chat,
                {"author": line.author, "text": line.text},
                at=at,
                id=f"{same} {copies[same]}",
                rank=line.number,
            )
            self.report.rows += 1

    def interactions(self, key: str, records: list[Staged]) -> Iterator[Conversation]:
        """The interactions of a chat, one between two silences of a day."""
        starts = [0] + [n for n in range(1, len(records)) if records[n].at - records[n - 1].at > _SILENCE]
        for start, end in zip(starts, [*starts[1:], len(records)], strict=True):
            part = records[start:end]
            if any(message.body["author"] for message in part):
                yield self._session(key, part)
        if len(starts) > 1:
            self.sink.note("assumed", "a silence of more than 24 hours ends an interaction", len(starts) - 1)

    def conclude(self) -> None:
        """Note agents who are not known, or never came up."""
        if not self.people:
            self.sink.note(
                "assumed",
                "no agents are known; name them with --map agent=NAME",
                len(self.others),
                "; ".join(sorted(self.others)[:3]),
            )
        self.people.note_unused(self.sink)

    def _session(self, key: str, messages: list[Staged]) -> Conversation:
        others = [m.body["author"] for m in messages if m.body["author"] and not self.people.find(m.body["author"])]
        self.others.update(others)
        name = others[0] if others and self.people else None
        customer = phone_key(name) or f"{NAME}:{name}" if name else None
        chat = Conversation(self.sink, f"{NAME}:{key}/{messages[0].at // times.SECOND}", NAME, "messaging", customer)
        chat.identity = {"name": None if phone_key(name) else name, "phone": phone_key(name)}
        for number, message in enumerate(messages):
            author = message.body["author"]
            actor = self._actor(author)
            names = {"customer": "Customer message", "agent": "Reply", "system": "System message"}
            chat.add(
                message,
                message.at,
                actor,
                names.get(actor[0], "Message"),
                ("started" if number == 0 else "message") if author else None,
                self.people.team(actor[1]),
                text=message.body["text"],
            )
        return chat

    def _actor(self, author: str | None) -> Actor:
        """An agent where declared; where some are, the others are customers."""
        if author is None:
            return SYSTEM
        agent = self.people.find(author)
        if agent is not None:
            return "agent", agent
        return ("customer", phone_key(author) or f"{NAME}:{author}") if self.people else ("unknown", author)


read, read_all = _Files.read, _Files.read_all


def _chat(file: SourceFile) -> str:
    """A name for the chat, made of what the file is called: the person in it, marked as one."""
    parts = file.name.replace("\\", "/").split("/")
    called = parts[-2] if len(parts) > 1 and parts[-1].lower() == "_chat.txt" else parts[-1]
    return f"‹{_TITLE.sub(' ', called).strip().casefold()}›"
