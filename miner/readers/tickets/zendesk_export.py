"""Tickets of an account's export in CSV or XML, and copied tables, as the records that JSON has."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from miner.errors import InputError, Problem
from miner.events.sink import Sink
from miner.events.values import text_of
from miner.readers.base import SourceFile
from miner.readers.shared.fields import Body, Json, yes
from miner.readers.tabular.rows import Row, kind_of

_KINDS = {
    "field history": ("field_name", "ticket_id", "updated", "user_id", "value"),
    "comments": ("id", "ticket_id", "user_id", "public", "created"),
    "tickets": ("id", "requester_id", "submitter_id", "assignee_id", "group_id", "status", "created_at"),
    "list of tickets": ("id", "requester_id", "assignee", "group", "status", "created_at"),
    "users": ("id", "name", "role", "email", "ticket_restriction"),
    "groups": ("id", "name", "created_at", "updated_at", "url"),
}
_STATES = {"0": "new", "1": "open", "2": "pending", "3": "solved", "4": "closed", "5": "deleted", "6": "hold"}
_VIAS = {"0": "web", "4": "email", "5": "api", "29": "chat", "30": "twitter"}
_PIECE = 1 << 16
_DEEPEST = 40


def table_of(file: SourceFile) -> str | None:
    """Which of an account's tables a file is by its columns, None for any other file."""
    kind = kind_of(file, _KINDS, {})
    if kind == "groups" and b"/api/v2/groups/" not in file.head:
        return None
    return kind


def is_xml(file: SourceFile) -> bool:
    """Whether a file is an XML export of tickets."""
    head = file.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"<ticket" in head and (b"<requester-id" in head or b"<nice-id" in head)


def ticket_of(row: Row) -> Json:
    """A row of a list of tickets as the record that JSON has; names stand for ids that the list lacks."""
    ticket: Json = dict(row)
    for name in ("assignee", "group", "submitter"):
        ticket[f"{name}_id"] = row.get(f"{name}_id") or row.get(name)
    if not row.get("submitter_id") and row.get("submitter") == row.get("requester"):
        ticket["submitter_id"] = row.get("requester_id")
    if row.get("via") or row.get("via_channel"):
        ticket["via"] = row.get("via") or row.get("via_channel")
    ticket.pop("custom_fields", None)
    ticket.pop("fields", None)
    for name in ("comments", "metric_set", "satisfaction_rating"):
        ticket.pop(name, None)
    if row.get("satisfaction_score"):
        ticket["satisfaction_rating"] = {"score": row["satisfaction_score"]}
    return ticket


def comment_of(row: Row) -> Json:
    """A row of copied comments as an event of an audit."""
    return {
        "type": "Comment",
        "author_id": row.get("user_id"),
        "public": yes(row.get("public")),
        "body": row.get("body"),
    }


def xml_tickets(file: SourceFile, sink: Sink) -> Iterator[tuple[int, Json]]:
    """The tickets of an XML export with their number; document types and entities are refused."""
    _refuse_declarations(file)
    parser: Any = XMLPullParser(("start", "end"))
    open_elements: list[Element] = []
    number = 0
    try:
        with file.path.open("rb") as stream:
            while piece := stream.read(_PIECE):
                parser.feed(piece)
                for event, element in parser.read_events():
                    if event == "start":
                        open_elements.append(element)
                        if len(open_elements) > _DEEPEST:
                            raise InputError(
                                Problem(
                                    "elements are nested too deeply for tickets",
                                    file.name,
                                    fix="no export nests that deeply: export it again",
                                )
                            )
                        continue
                    open_elements.pop()
                    if element.tag == "ticket":
                        number += 1
                        yield number, _ticket(element)
                        for parent in open_elements[-1:]:
                            parent.clear()
            parser.close()
    except ParseError as error:
        line, column = error.position
        raise InputError(Problem(f"not XML: {error}", file.name, line, f"column {column}", "export it again")) from None
    except (LookupError, ValueError) as error:  # what the parser says of an encoding that it does not know
        if "encoding" not in str(error):
            raise
        raise InputError(
            Problem(
                f"the XML declares an unreadable encoding: {error}",
                file.name,
                1,
                fix="save it as UTF-8 and declare that in its first line",
            )
        ) from None


def _ticket(element: Element) -> Json:
    ticket: Body = {}
    for part in element:
        name = part.tag.replace("-", "_")
        if name == "comments":
            ticket["comments"] = [_fields(comment) for comment in part if comment.tag == "comment"]
        elif len(part) == 0:
            ticket[name] = text_of(part.text)
    ticket["id"] = ticket.get("nice_id") or ticket.get("id")
    ticket["status"] = ticket.get("status") or _STATES.get(ticket.get("status_id") or "")
    via = ticket.get("via") or _VIAS.get(ticket.get("via_id") or "")
    if via:
        ticket["via"] = via
    for name in ("metric_set", "satisfaction_rating", "custom_fields", "fields"):
        ticket.pop(name, None)
    return ticket


def _fields(element: Element) -> Json:
    found: Json = {part.tag.replace("-", "_"): text_of(part.text) for part in element if len(part) == 0}
    found["is_public"] = yes(found.get("is_public"))
    found["body"] = found.get("value")
    for name in ("via", "public", "value"):
        found.pop(name, None)
    return found


def _refuse_declarations(file: SourceFile) -> None:
    """Document types and entities have no place in an export: they read other files or grow without end."""
    with file.path.open("rb") as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as text:
        found = [at for at in (text.find(b"<!DOCTYPE"), text.find(b"<!ENTITY")) if at >= 0]
        line = text[: min(found)].count(b"\n") + 1 if found else 0
    if found:
        raise InputError(
            Problem(
                "declares a document type or entities, which is not safe to read",
                file.name,
                line,
                fix="remove the <!DOCTYPE …> part",
            )
        )
