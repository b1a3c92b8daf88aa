"""Other forms of Intercom's conversations: those of API 1.x under the names of 2.x, and notifications of webhooks."""

from __future__ import annotations

from typing import Any

_WEBHOOK = "notification_event"


def is_webhook(value: dict[str, Any]) -> bool:
    """Whether a record is a notification of a webhook."""
    return value.get("type") == _WEBHOOK and isinstance(value.get("data"), dict) and "topic" in value


def unwrapped(value: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """What a notification is about, and the notification; a record that is none is itself."""
    if not is_webhook(value):
        return value, None
    item = value["data"].get("item")
    item = item if isinstance(item, dict) else {}
    inside = item.get("conversation")  # some topics tell of a tag or a part, with its conversation inside
    return (inside, value) if isinstance(inside, dict) and "created_at" in inside else (item, value)


def renamed(value: dict[str, Any]) -> dict[str, Any]:
    """A conversation of API 1.x under the names of 2.x: its first message, its customers, whom it is assigned to."""
    message = value.get("conversation_message")
    if not isinstance(message, dict) or "source" in value:
        return value
    known = value.get("customers") or value.get("contacts")
    if isinstance(known, dict):
        known = known.get("customers") or known.get("contacts")
    people = known if isinstance(known, list) else [value.get("customer") or value.get("user")]
    contacts = [_contact(one) for one in people if isinstance(one, dict)]
    to = value.get("assignee")
    team = to.get("id") if isinstance(to, dict) and to.get("type") == "team" else None
    return {
        **value,
        "source": message | {"type": None},
        "contacts": {"contacts": contacts},
        "team_assignee_id": value.get("team_assignee_id") or team,
    }


def _contact(person: dict[str, Any]) -> dict[str, Any]:
    return {**person, "external_id": person.get("external_id") or person.get("user_id")}
