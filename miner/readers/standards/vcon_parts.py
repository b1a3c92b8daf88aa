"""The objects of a vCon with what is used of them: parties with their roles, dialogs with their indices."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from miner.events.values import email_key, id_of, phone_key, text_of

_ROLES = {
    "customer": "customer",
    "client": "customer",
    "caller": "customer",
    "agent": "agent",
    "sme": "agent",
    "specialist": "agent",
    "supervisor": "supervisor",
    "manager": "supervisor",
    "thirdparty": "third_party",
    "third_party": "third_party",
    "third-party": "third_party",
    "bot": "bot",
    "ivr": "ivr",
}
_MACHINES = frozenset({"machine", "bot"})
_LONGEST = 20_000  # characters of a text that is used


class Party(TypedDict):
    """Who takes part; `fields` are those that the user mapped."""

    actor: str
    role: str
    kind: str
    key: str | None
    tel: str | None
    mail: str | None
    name: str | None
    dept: str | None
    nature: str | None
    fields: dict[str, str | None]


class HistoryEntry(TypedDict):
    """A party joins, drops, is put on hold …; the time is as it was written."""

    party: int | None
    time: str | None
    event: str


class Dialog(TypedDict):
    """One dialog; parties and other dialogs are named by their place, times and lengths are as they were written."""

    empty: bool
    type: str
    start: str | None
    duration: str | None
    parties: list[int]
    originator: int | None
    media: str
    message: bool
    disposition: str | None
    campaign: str | None
    interaction_type: str | None
    interaction: str | None
    skill: str | None
    transferor: int | None
    target: list[int]
    consultation: list[int]
    target_dialog: list[int]
    recordings: list[int]
    history: list[HistoryEntry]
    fields: dict[str, str | None]
    text: str | None
    sentiment: NotRequired[str]


def party_record(party: dict[str, Any], fields: frozenset[str]) -> Party:
    """Who it is, in what role, of which department."""
    meta = party["meta"] if isinstance(party.get("meta"), dict) else {}
    role = (text_of(party.get("role")) or text_of(meta.get("role")) or "").lower()
    kind = (text_of(party.get("type")) or text_of(meta.get("type")) or "").lower()
    actor = _ROLES.get(role) or {"bot": "bot", "machine": "customer"}.get(kind) or "unknown"
    name = text_of(party.get("name"))
    tel, mail = id_of(party.get("tel")), id_of(party.get("mailto"))
    others = [id_of(party.get(each)) for each in ("sip", "did", "uuid")]
    key = phone_key(tel) or email_key(mail) or next(filter(None, others), None)
    return {
        "actor": actor,
        "role": role,
        "kind": kind,
        "key": key,
        "tel": phone_key(tel),
        "mail": email_key(mail),
        "name": None if name and name.lower() == "anonymous" else name,
        "dept": text_of(party.get("dept")),
        "nature": _nature(kind),
        "fields": {each: text_of(party.get(each)) for each in fields},
    }


def _nature(kind: str) -> str | None:
    return "machine" if kind in _MACHINES else "human" if kind == "person" else None


def dialog_record(dialog: dict[str, Any], fields: frozenset[str]) -> Dialog:
    """What was said when and between whom, without what was said."""
    media = (text_of(_first(dialog, "mediatype", "mimetype")) or "").lower()
    body = dialog.get("body") if media.startswith("text/") and dialog.get("encoding") in ("none", None) else None
    skill = dialog.get("skill")
    return {
        "empty": not dialog,
        "type": (text_of(dialog.get("type")) or "").lower(),
        "start": _time(dialog.get("start")),
        "duration": _time(dialog.get("duration")),
        "parties": indices(dialog.get("parties")),
        "originator": index(dialog.get("originator")),
        "media": media,
        "message": "message_id" in dialog,
        "disposition": text_of(dialog.get("disposition")),
        "campaign": text_of(dialog.get("campaign")),
        "interaction_type": text_of(dialog.get("interaction_type")),
        "interaction": id_of(dialog.get("interaction_id")),
        "skill": text_of(skill[0] if isinstance(skill, list) and skill else skill),
        "transferor": index(dialog.get("transferor")),
        "target": indices(_first(dialog, "transfer_target", "transfer-target")),
        "consultation": indices(dialog.get("consultation")),
        "target_dialog": indices(_first(dialog, "target_dialog", "target-dialog")),
        "recordings": indices(dialog.get("recordings")),
        "history": [
            {
                "party": index(each.get("party")),
                "time": _time(each.get("time")),
                "event": (text_of(each.get("event")) or "").lower(),
            }
            for each in _objects(dialog.get("party_history"))
        ],
        "fields": {each: text_of(dialog.get(each)) for each in fields},
        "text": body[:_LONGEST] if isinstance(body, str) else None,
    }


def index(value: object) -> int | None:
    """A reference by place; None where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def indices(value: object) -> list[int]:
    """References by place: one, a list, or a list of channels with lists and nulls; in order, each once."""
    places: list[int] = []
    waiting = [value]
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, list):
            waiting[:0] = each[:10_000]
        elif (place := index(each)) is not None and place not in places:
            places.append(place)
    return places


def _first(holder: dict[str, Any], *names: str) -> Any:
    return next((holder[name] for name in names if holder.get(name) is not None), None)


def _time(value: object) -> str | None:
    """A time or a length as text, as it was written."""
    return None if isinstance(value, bool) else text_of(value)


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
