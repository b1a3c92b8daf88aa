"""An Intercom conversation or ticket reduced to what is used: its first message, contacts, and parts."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from miner.events.values import id_of, text_of
from miner.readers.shared.clock import Clock
from miner.readers.shared.fields import Json, Malformed, child, children

_TOTALS = (
    "count_reopens",
    "count_assignments",
    "count_conversation_parts",
    "time_to_admin_reply",
    "time_to_first_close",
    "time_to_last_close",
    "median_time_to_reply",
)


class Author(TypedDict):
    """Who wrote a message or a part; `ai`: Intercom's own agent."""

    type: str | None
    id: str | None
    name: str | None
    email: str | None
    ai: bool


class Contact(TypedDict):
    """A customer of a conversation."""

    id: str | None
    external_id: str | None
    email: str | None
    name: str | None
    phone: str | None


class Part(TypedDict):
    """A step of a conversation; `to` is whom it is assigned to, `state` and `before` are those of a ticket."""

    id: str | None
    type: str
    at: int
    author: Author
    to_type: str | None
    to: str | None
    text: str | None
    state: str | None
    before: str | None


class Rating(TypedDict):
    """What the customer gave."""

    score: str | None
    at: int | None


class ConversationRecord(TypedDict):
    """A conversation, or a `ticket` of a category; `listed`: it came with its parts."""

    id: str
    author: Author
    channel: str | None
    declared: dict[str, int | str | None]
    contacts: list[Contact]
    team: str | None
    rating: Rating
    total_parts: int | None
    listed: bool
    parts: list[Part]
    ticket: str | None
    linked: list[str]
    text: str | None
    user_agent: NotRequired[str | None]
    mapped: dict[str, str | None]
    headless: NotRequired[bool]  # only its parts are known
    version: NotRequired[int]
    notified: NotRequired[bool]  # by a webhook, which tells one part only


def conversation_record(value: Json, clock: Clock, mapped: dict[str, str]) -> ConversationRecord:
    """The parts of a conversation or ticket that are used."""
    source, rating = child(value, "source"), child(value, "conversation_rating")
    statistics, agent = child(value, "statistics"), child(value, "ai_agent")
    list_name = "ticket_parts" if "ticket_parts" in value or value.get("type") == "ticket" else "conversation_parts"
    holder = child(value, list_name)
    parts = [_part(part, clock) for part in children(holder, list_name)]
    contacts = [_contact(contact) for contact in children(child(value, "contacts"), "contacts")]
    custom = child(value, "custom_attributes") | child(value, "ticket_attributes")
    declared: dict[str, int | str | None] = {
        name: total for name in _TOTALS if isinstance(total := statistics.get(name), int)
    }
    if agent.get("resolution_state"):
        declared["resolution_state"] = text_of(agent["resolution_state"])
    count = holder.get("total_count")
    return {
        "id": needed_id(value),
        "author": _person(source, "author"),
        "channel": text_of(source.get("type")),
        "declared": declared,
        "contacts": contacts,
        "team": _assignee(value.get("team_assignee_id")),
        "rating": {"score": text_of(rating.get("rating")), "at": clock.of(rating, "created_at")},
        "total_parts": count if isinstance(count, int) else None,
        "listed": list_name in value,
        "parts": parts,
        "ticket": _ticket(value),
        "linked": [key for one in children(child(value, "linked_objects"), "data") if (key := id_of(one.get("id")))],
        "text": text_of(source.get("body")),
        "user_agent": text_of(custom.get("user_agent")),
        "mapped": {key: text_of(custom.get(name)) for key, name in mapped.items()},
    }


def needed_id(value: Json) -> str:
    """The id of a record; Malformed where it is missing."""
    key = id_of(value.get("id"))
    if key is None:
        raise Malformed("id", "id is missing", value.get("id"))
    return key


def _contact(contact: Json) -> Contact:
    return {
        "id": id_of(contact.get("id")),
        "external_id": id_of(contact.get("external_id")),
        "email": text_of(contact.get("email")),
        "name": text_of(contact.get("name")),
        "phone": text_of(contact.get("phone")),
    }


def _part(part: Json, clock: Clock) -> Part:
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
        "text": text_of(part.get("body")),
        "state": text_of(part.get("ticket_state")),
        "before": text_of(part.get("previous_ticket_state")),
    }


def _ticket(value: Json) -> str | None:
    """The category of a ticket (Customer, Back-office, Tracker); None for a conversation."""
    is_ticket = value.get("type") == "ticket" or "ticket_parts" in value
    return (text_of(value.get("category")) or "Customer") if is_ticket else None


def _person(holder: Json, key: str) -> Author:
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
    assignee = id_of(value)
    return None if assignee in ("0", "-1") else assignee
