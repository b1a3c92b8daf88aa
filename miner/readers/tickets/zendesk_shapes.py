"""The forms in which Zendesk tells what was done to a ticket, brought into one: audits with slim events.

Audits as they are, incremental ticket events with their children, metric events, tickets of an account's export
without a history, and rows of a copied field history. No text of a conversation goes further than `text`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from miner.events.values import id_of, number_of, opening_mark, text_of
from miner.readers.shared.fields import Body, Json, Malformed, child, children
from miner.readers.shared.save_grouping import group_saves
from miner.readers.shared.staging import Staged

_META = frozenset(
    (
        "id",
        "via",
        "via_reference_id",
        "event_type",
        "previous_value",
        "type",
        "author_id",
        "created_at",
        "audit_id",
        "comment_present",
        "comment_public",
        "body",
        "html_body",
        "plain_body",
        "public",
        "attachments",
        "ticket_id",
        "timestamp",
        "custom_ticket_fields",
        "metadata",
        "added_tags",
        "removed_tags",
        "score",
    )
)
_WORDS = {
    "mail": "email",
    "web form": "web",
    "web service": "api",
    "phone call (incoming)": "phone_call_inbound",
    "phone call (outgoing)": "phone_call_outbound",
    "get satisfaction": "any_channel",
    "text message": "sms",
    "facebook post": "facebook",
    "facebook private message": "facebook",
    "trigger": "rule",
    "automation": "rule",
    "help center post": "help_center",
    "twitter direct message": "twitter_dm",
}
CLOCKS = frozenset(("activate", "pause", "fulfill", "update_status", "measure", "update_business_schedule"))
NO_VIA: Body = {"channel": None, "rel": None, "rule": False, "title": None, "ticket": None}


def via(holder: Json, words: bool = False) -> Body:
    """Channel, whether a rule acted, its name, the relation and the ticket it came from; a word where allowed."""
    found = holder.get("via")
    if words and isinstance(found, str):
        word = found.strip().lower()
        if word == "merge":
            return NO_VIA | {"channel": "web", "rel": "merge"}
        channel = _WORDS.get(word) or word.replace(" ", "_")
        rule = id_of(holder.get("via_reference_id"))
        return NO_VIA | {
            "channel": channel,
            "rule": channel == "rule",
            "title": f"rule {rule}" if channel == "rule" and rule else None,
        }
    found = child(holder, "via")
    source = child(found, "source")
    origin = child(source, "from")
    name, rel = text_of(found.get("channel")), text_of(source.get("rel"))
    return {
        "channel": name,
        "rel": rel,
        "rule": name == "rule" or rel in ("trigger", "automation"),
        "title": text_of(origin.get("title")),
        "ticket": id_of(origin.get("ticket_id")),
    }


def slim(event: Json) -> Body:
    """The parts of an event of an audit that are used."""
    public = event.get("public")
    return {
        "type": text_of(event.get("type")) or "",
        "field": id_of(event.get("field_name")),
        "value": value_of(event.get("value")),
        "before": value_of(event.get("previous_value")),
        "author": id_of(event.get("author_id")),
        "public": public if isinstance(public, bool) else None,
        "via": via(event) if event.get("via") is not None else None,
        "score": text_of(event.get("score")) or number_of(event.get("score")),
        "text": text_of(event.get("body")),
        **({"opening": opening_mark(event.get("body"))} if event.get("type") == "Comment" else {}),
    }


def of_audit(audit: Json) -> Body:
    """The parts of an audit that are used."""
    client = text_of(child(child(audit, "metadata"), "system").get("client"))
    return {
        "author": id_of(audit.get("author_id")),
        "via": via(audit),
        **({"client": client} if client else {}),
        "events": [slim(event) for event in children(audit, "events")],
    }


def made(kind: str, field: str | None = None, value: str | None = None, before: str | None = None, **more: Any) -> Body:
    """An event in the form of `slim`."""
    return {
        "type": kind,
        "field": field,
        "value": value,
        "before": before,
        "author": None,
        "public": None,
        "via": None,
        "score": None,
        **more,
    }


def of_ticket_event(value: Json) -> Body:
    """An incremental ticket event as an audit: every field of its children is an event."""
    events: list[Body] = []
    found = children(value, "child_events")
    for each in found:
        events += _child(each)
    spoken = next((each for each in found if each.get("comment_present") is True), None)
    if spoken is not None and not any(event["type"] == "Comment" for event in events):
        public = spoken.get("comment_public")
        events.append(made("Comment", public=public if isinstance(public, bool) else None))
    return {"author": id_of(value.get("updater_id")), "via": via(value, words=True), "events": events}


def _child(event: Json) -> Iterator[Body]:
    kind = text_of(event.get("event_type")) or text_of(event.get("type")) or ""
    holder = via(event, words=True) if event.get("via") is not None else None
    if kind not in ("Create", "Change"):
        yield slim(event | {"type": kind, "via": None}) | {"via": holder}
        return
    custom = event.get("custom_ticket_fields")
    fields = {name: value for name, value in event.items() if name not in _META}
    fields |= custom if isinstance(custom, dict) else {}
    before = event.get("previous_value")
    for name, value in fields.items():
        old = before.get(name) if isinstance(before, dict) else before
        yield made(kind, name, value_of(value), value_of(old) if kind == "Change" else None, via=holder)


def of_metric_event(value: Json) -> Body:
    """A metric event as an audit of the system."""
    metric, kind = text_of(value.get("metric")), text_of(value.get("type"))
    if not metric or not kind:
        raise Malformed("metric", "metric or type of a metric event is missing")
    return {"author": None, "via": NO_VIA | {"channel": "system"}, "events": [made("Metric event", metric, kind)]}


def of_ticket(value: Json) -> list[tuple[str, object, Body]]:
    """What a ticket without a history says of itself: for each of its times the column, the time and an audit."""
    metrics = {**value, **child(value, "metric_set")}
    group, person = id_of(value.get("group_id")), id_of(value.get("assignee_id"))
    requester, entered = id_of(value.get("requester_id")), id_of(value.get("submitter_id"))
    how, system = via(value, words=True), NO_VIA | {"channel": "system"}
    created = {"author": entered or requester, "via": how, "events": [made("Create", "requester_id", requester)]}
    found: list[tuple[str, object, Body]] = [("created_at", value.get("created_at"), created)]
    holders = [made("Change", name, to) for name, to in (("group_id", group), ("assignee_id", person)) if to]
    at = metrics.get("assigned_at") or metrics.get("initially_assigned_at") or value.get("created_at")
    if holders:
        found.append(("assigned_at", at, {"author": None, "via": system, "events": holders}))
    for comment in children(value, "comments"):
        if (comment.get("created_at"), id_of(comment.get("author_id"))) == (value.get("created_at"), created["author"]):
            continue  # what the ticket was opened with is no further step
        message = slim(comment | {"type": "Comment"})
        if message["public"] is None and isinstance(comment.get("is_public"), bool):
            message["public"] = comment["is_public"]
        found.append(
            (
                "comments",
                comment.get("created_at"),
                {"author": message["author"], "via": message["via"] or how, "events": [message]},
            )
        )
    if metrics.get("solved_at"):
        solved = {"author": person, "via": NO_VIA, "events": [made("Change", "status", "solved", "open")]}
        found.append(("solved_at", metrics["solved_at"], solved))
    return found


def joined(rows: list[Staged]) -> list[Staged]:
    """Rows of a copied field history and comments as audits, one for each save, with the values before."""
    audits: list[Staged] = []
    now: dict[str, str | None] = {}
    opened = False
    for save in group_saves(rows, _author, lambda row: [row.body["row"]["field"]] if "row" in row.body else ()):
        changes = [row.body["row"] for row in save if "row" in row.body]
        if not changes:
            audits += save
            continue
        kind = "Change" if opened else "Create"  # a history begins with the values at the creation
        opened = True
        events = [event for row in save for event in row.body["events"]]
        for row in changes:
            events.append(made(kind, row["field"], row["value"], now.get(row["field"])))
            now[row["field"]] = row["value"]
        audits.append(
            Staged(save[0].at, save[0].source, save[0].source_no, save[0].line, save[0].body | {"events": events})
        )
    return audits


def _author(row: Staged) -> Hashable:
    """Whose a copied row is; audits and what a ticket says of itself stand for themselves."""
    return ("by", row.body["author"]) if row.body.get("sort") in ("row", "comment") else id(row)


def value_of(value: object) -> str | None:
    """A field's value: lists (tags) joined, ids as text."""
    if isinstance(value, list):
        return " ".join(filter(None, (text_of(element) for element in value))) or None
    return id_of(value) if not isinstance(value, bool) else text_of(value)
