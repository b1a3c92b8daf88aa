"""Intercom conversations and tickets with their parts: one object, list pages, or JSON lines.

Pages of `teams` and `admins` give names. What the parts mean is in `intercom_parts`; what older versions of the API and
webhooks call otherwise is in `intercom_forms`; a record is reduced in `intercom_record`.
"""

from __future__ import annotations

from dataclasses import replace

from miner.events import times
from miner.events.sink import Sink
from miner.events.values import text_of
from miner.readers.base import Match, Options, SourceFile
from miner.readers.chats.intercom_conversation import Conversation
from miner.readers.chats.intercom_forms import is_webhook, renamed, unwrapped
from miner.readers.chats.intercom_record import conversation_record, needed_id
from miner.readers.shared.account_files import AccountFiles
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Malformed
from miner.readers.shared.records import Record, sample, shows
from miner.readers.shared.staging import Staged
from miner.readers.tabular.keys import ATTRIBUTES

NAME = "intercom"
TITLE = "Intercom conversations and tickets"
TOTALS = {"count_reopens": "reopens", "count_assignments": "assignments"}
NOT_COMPARED = {
    "count_conversation_parts": "some parts are no event and some are two; a truncated conversation is noted",
    "rating": "it is not a count",
}
LINKED = True
OUTCOMES = ("resolved", "closed", "open")

_PAGES = ("conversations", "tickets", "teams", "admins")
_MAPPED = ("intent", "customer", "outcome", "value", *ATTRIBUTES)


def sniff(file: SourceFile) -> Match | None:
    """Conversations say so in `type`, or carry conversation_parts; tickets carry ticket_parts."""
    values = [record.value for record in sample(file, _PAGES)]
    if any(is_webhook(value) for value in values):
        return Match(95, "notifications of Intercom's webhooks")
    if any(value.get("type") == "conversation" or "conversation_parts" in value for value in values):
        return Match(95, "records of type conversation, as in Intercom")
    if any("ticket_parts" in value or (value.get("type") == "ticket" and "ticket_state" in value) for value in values):
        return Match(95, "records of type ticket with ticket_parts, as in Intercom")
    if values and all(value.get("type") in ("team", "admin") for value in values):
        return Match(60, f"a page of Intercom {values[0]['type']}s")
    return Match(70, "a long record with conversation_parts") if shows(file, "conversation_parts") else None


class _Files(AccountFiles):
    """The files of one account: pages overlap, names of teams may lie in a file of their own."""

    name, pages, keys = NAME, _PAGES, _MAPPED
    nothing, fix = "there are no conversations", "export /conversations/{id} with parts"

    def __init__(self, options: Options, sink: Sink):
        super().__init__(options, sink)
        self.names: dict[str, str] = {}  # "team 1" or "admin 7" → name

    def make_clock(self, file: SourceFile) -> Clock:
        """The unit shows in the times at the head of the file."""
        unit = times.epoch_unit(unwrapped(record.value)[0].get("created_at") for record in sample(file, _PAGES))
        self.time_words = times.unit_in_words(unit)
        return Clock(self.options, self.sink, unit)

    def interaction(self, key: str, records: list[Staged]) -> Conversation:
        """One conversation, of all that was delivered of it."""
        return Conversation(self._joined(records), self.names, self.sink)

    def _joined(self, copies: list[Staged]) -> Staged:
        """The latest copy, with the parts that webhooks told one by one."""
        latest = max(copies, key=lambda copy: copy.body["version"])
        if not any(copy.body["notified"] for copy in copies):
            return latest
        self.sink.note(
            "webhooks",
            "conversations of webhooks have only the steps that were subscribed to and delivered",
            example=latest.body["id"],
        )
        copies = sorted(copies, key=lambda copy: copy.body["version"])
        parts = {(part["id"], part["type"], part["at"]): part for copy in copies for part in copy.body["parts"]}
        body = {**latest.body, "parts": list(parts.values()), "total_parts": None, "listed": True}
        return replace(latest, at=min(copy.at for copy in copies), body=body)

    def take(self, record: Record) -> None:
        """A name to remember, or a conversation with its parts."""
        value, sent = unwrapped(record.value)
        kind = text_of(value.get("type"))
        if sent is not None and kind not in ("conversation", "ticket"):
            self.sink.note("left out", "notifications of webhooks that are of no conversation", example=kind)
            return
        value = renamed(value)
        if record.key in ("teams", "admins") or kind in ("team", "admin"):
            sort = kind or str(record.key).removesuffix("s")
            self.names[f"{sort} {needed_id(value)}"] = text_of(value.get("name")) or needed_id(value)
            return
        if "created_at" not in value:
            raise Malformed("created_at", "not a conversation: created_at is missing", sorted(value)[:10])
        at, updated = self.clock.of(value, "created_at"), value.get("updated_at")
        if at is None:
            raise Malformed("created_at", "created_at is missing", value.get("id"))
        version = self.clock.of(value, "updated_at") if updated is not None else at
        key = needed_id(value)
        if sent is not None:  # each tells a part of its own: all of them stay
            version = self.clock.of(sent, "created_at") or version
            key = f"{key} {text_of(sent.get('id')) or f'{version} {record.line}'}"
        body = conversation_record(value, self.clock, self.mapping)
        body |= {"version": version or 0, "notified": sent is not None}
        self.staging.add(record.line, body["id"], body, at=at, id=key, version=version)


read, read_all = _Files.read, _Files.read_all
