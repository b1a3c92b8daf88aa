"""Intercom conversations and tickets with their parts: one object, list pages, or JSON lines.

Pages of `teams` and `admins` give names. What the parts mean is in `intercom_parts`; what older versions of the API and
webhooks call otherwise is in `intercom_forms`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from miner.events import times
from miner.events.sink import Sink
from miner.events.values import id_of, text_of
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.chats.intercom_forms import is_webhook, renamed, unwrapped
from miner.readers.chats.intercom_parts import Conversation
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Malformed, child, children
from miner.readers.shared.records import Record, paged_records, sample, shows
from miner.readers.shared.staging import Staged, Staging, hand_over, nothing_told, read_files, usable
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
_TOTALS = (
    "count_reopens",
    "count_assignments",
    "count_conversation_parts",
    "time_to_admin_reply",
    "time_to_first_close",
    "time_to_last_close",
    "median_time_to_reply",
)
_MAPPED = ("intent", "customer", "outcome", "value", *ATTRIBUTES)


def sniff(file: SourceFile) -> Match | None:
    """Conversations say so in `type`, or carry conversation_parts; tickets carry ticket_parts."""
    found = [record.value for record in sample(file, _PAGES)]
    if any(is_webhook(value) for value in found):
        return Match(95, "notifications of Intercom's webhooks")
    if any(value.get("type") == "conversation" or "conversation_parts" in value for value in found):
        return Match(95, "records of type conversation, as in Intercom")
    if any("ticket_parts" in value or (value.get("type") == "ticket" and "ticket_state" in value) for value in found):
        return Match(95, "records of type ticket with ticket_parts, as in Intercom")
    if found and all(value.get("type") in ("team", "admin") for value in found):
        return Match(60, f"a page of Intercom {found[0]['type']}s")
    return Match(70, "a long record with conversation_parts") if shows(file, "conversation_parts") else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Read one file of conversations; for an export in several files see `read_all`."""
    return read_all([file], options, sink)[0]


def read_all(files: list[SourceFile], options: Options, sink: Sink) -> list[Report]:
    """Read the files of one account together: pages overlap, names of teams may lie in a file of their own."""
    inbox = _Inbox(options, sink)
    return read_files(files, options, sink, NAME, inbox.stage, inbox.emit)


@dataclass
class _Inbox:
    """What is known of all conversations before the first is read."""

    options: Options
    sink: Sink
    names: dict[str, str] = field(default_factory=dict)  # "team 1" or "admin 7" → name

    def __post_init__(self) -> None:
        self.mapped = self.options.mapped(_MAPPED)

    def stage(self, file: SourceFile, staging: Staging, report: Report) -> None:
        """Lay the conversations of a file down and remember the names."""
        unit = times.epoch_unit(unwrapped(record.value)[0].get("created_at") for record in sample(file, _PAGES))
        report.columns = dict(self.mapped)
        report.time, clock = times.unit_in_words(unit), Clock(self.options, self.sink, unit)
        for record in paged_records(file, self.sink, _PAGES):
            with usable(self.sink, report, record.line):
                self._take(record, staging, clock)

    def emit(self, staging: Staging, reports: dict[int, Report]) -> None:
        """Turn every conversation into events and an interaction."""
        count = 0
        for _, copies in staging.topics():
            count += 1
            self.sink.source = copies[0].source
            conversation = Conversation(self._joined(copies), self.names, self.sink)
            hand_over(self.sink, reports, conversation.steps())
            conversation.finish()
        if not count:
            raise nothing_told(reports, "there are no conversations", "export /conversations/{id} with parts")

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

    def _take(self, record: Record, staging: Staging, clock: Clock) -> None:
        value, sent = unwrapped(record.value)
        kind = text_of(value.get("type"))
        if sent is not None and kind not in ("conversation", "ticket"):
            self.sink.note("left out", "notifications of webhooks that are of no conversation", example=kind)
            return
        value = renamed(value)
        if record.key in ("teams", "admins") or kind in ("team", "admin"):
            sort = kind or str(record.key).removesuffix("s")
            self.names[f"{sort} {_id(value)}"] = text_of(value.get("name")) or _id(value)
            return
        if "created_at" not in value:
            raise Malformed("created_at", "not a conversation: created_at is missing", sorted(value)[:10])
        at, updated = clock.of(value, "created_at"), value.get("updated_at")
        if at is None:
            raise Malformed("created_at", "created_at is missing", value.get("id"))
        version = clock.of(value, "updated_at") if updated is not None else at
        key = _id(value)
        if sent is not None:  # each tells a part of its own: all of them stay
            version = clock.of(sent, "created_at") or version
            key = f"{key} {text_of(sent.get('id')) or f'{version} {record.line}'}"
        body = _slim(value, clock, self.mapped) | {"version": version or 0, "notified": sent is not None}
        staging.add(record.line, _id(value), body, at=at, id=key, version=version)


def _id(value: dict[str, Any]) -> str:
    found = id_of(value.get("id"))
    if found is None:
        raise Malformed("id", "id is missing", value.get("id"))
    return found


def _slim(value: dict[str, Any], clock: Clock, mapped: dict[str, str]) -> dict[str, Any]:
    """The parts of a conversation or ticket that are used."""
    source, rating = child(value, "source"), child(value, "conversation_rating")
    statistics, agent = child(value, "statistics"), child(value, "ai_agent")
    list_name = "ticket_parts" if "ticket_parts" in value or value.get("type") == "ticket" else "conversation_parts"
    holder = child(value, list_name)
    parts = [_part(part, clock) for part in children(holder, list_name)]
    contacts = children(child(value, "contacts"), "contacts")
    custom = child(value, "custom_attributes") | child(value, "ticket_attributes")
    declared = {name: statistics[name] for name in _TOTALS if isinstance(statistics.get(name), int)}
    declared |= {"resolution_state": text_of(agent.get("resolution_state"))} if agent.get("resolution_state") else {}
    return {
        "id": _id(value),
        "author": _person(source, "author"),
        "channel": text_of(source.get("type")),
        "delivered_as": text_of(source.get("delivered_as")),
        "declared": declared,
        "contacts": [
            {
                "id": id_of(c.get("id")),
                "external_id": id_of(c.get("external_id")),
                "email": text_of(c.get("email")),
                "name": text_of(c.get("name")),
                "phone": text_of(c.get("phone")),
            }
            for c in contacts
        ],
        "team": _assignee(value.get("team_assignee_id")),
        "admin": _assignee(value.get("admin_assignee_id")),
        "rating": {"score": text_of(rating.get("rating")), "at": clock.of(rating, "created_at")},
        "total_parts": holder.get("total_count") if isinstance(holder.get("total_count"), int) else None,
        "listed": list_name in value,
        "parts": parts,
        "ticket": _ticket(value),
        "linked": [id_of(o.get("id")) for o in children(child(value, "linked_objects"), "data") if id_of(o.get("id"))],
        "text": text_of(source.get("body")),
        "user_agent": text_of(custom.get("user_agent")),
        "mapped": {key: text_of(custom.get(name)) for key, name in mapped.items()},
    }


def _part(part: dict[str, Any], clock: Clock) -> dict[str, Any]:
    at = clock.of(part, "created_at")
    if at is None:
        raise Malformed("created_at", "created_at of a part is missing", part.get("id"))
    to = child(part, "assigned_to")
    return {
        "id": id_of(part.get("id")),
        "type": text_of(part.get("part_type")) or "",
        "at": at,
        "author": _person(part, "author"),
        "to_type": text_of(to.get("type")),
        "to": _assignee(to.get("id")),
        "redacted": part.get("redacted") is True,
        "text": text_of(part.get("body")),
        "state": text_of(part.get("ticket_state")),
        "before": text_of(part.get("previous_ticket_state")),
    }


def _ticket(value: dict[str, Any]) -> str | None:
    """The category of a ticket (Customer, Back-office, Tracker); None for a conversation."""
    is_ticket = value.get("type") == "ticket" or "ticket_parts" in value
    return (text_of(value.get("category")) or "Customer") if is_ticket else None


def _person(holder: dict[str, Any], key: str) -> dict[str, Any]:
    author = child(holder, key)
    return {
        "type": text_of(author.get("type")),
        "id": id_of(author.get("id")),
        "name": text_of(author.get("name")),
        "email": text_of(author.get("email")),
        "ai": author.get("from_ai_agent") is True or author.get("is_ai_answer") is True,
    }


def _assignee(value: object) -> str | None:
    """Nobody is written as null, 0 or "0"."""
    found = id_of(value)
    return None if found in ("0", "-1") else found
