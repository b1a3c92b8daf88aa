"""OCEL object-centric event logs, seen from the objects that are interactions.

Version 2.0 in JSON, XML and SQLite, version 1.0 in JSON, XML and CSV.
"""

from __future__ import annotations

from dataclasses import replace

from miner.errors import InputError, Problem
from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile
from miner.readers.shared.records import sample, shows
from miner.readers.standards.ocel_old import CSV_COLUMNS, is_old_json, is_old_xml, load_old_csv, load_old_json
from miner.readers.standards.ocel_roles import ATTRIBUTES, OBJECTS, OWNERS, owners, roles
from miner.readers.standards.ocel_tables import Log
from miner.readers.tabular.project import Profile, project
from miner.readers.tabular.read import is_table

NAME = "ocel"
TITLE = "OCEL event log"
LINKED = False

_SQLITE = b"SQLite format 3\0"
_LISTS = ("events", "objects", "eventTypes", "objectTypes")


def sniff(file: SourceFile) -> Match | None:
    """The lists of OCEL in JSON, its elements in XML, its tables in SQLite, its columns in CSV."""
    head = file.head
    if head.startswith(_SQLITE):
        return Match(90, "SQLite with the tables of OCEL") if b"event_map_type" in head else None
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"<":
        named = any(part in head for part in (b"<object-types", b"<event-types", b"<objects")) or is_old_xml(head)
        return Match(92, "XML with the object types of OCEL") if b"<log" in head[:4096] and named else None
    if start != b"{":
        return Match(92, "columns ocel:eid, ocel:activity of an OCEL 1.0") if _is_csv(file) else None
    if is_old_json(head):
        return Match(92, "ocel:events and ocel:objects of an OCEL 1.0")
    keys = {record.key for record in sample(file, _LISTS, 200)}
    if {"eventTypes", "objectTypes"} <= keys or shows(file, "objectTypes", "objects"):
        return Match(92, "eventTypes and objectTypes of OCEL")
    return Match(92, "events with relationships, as in OCEL") if shows(file, "events", "relationships") else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Each event is a step of every interaction object that it touches; one that touches none is rejected.

    `--map case=TYPE`, `customer`, `agent` and `team` name object types; other keys name attributes of events or of
    the interaction objects, as agent and team may. InputError where no object type can be the interaction.
    """
    report = Report(file.name, NAME, "")
    log = Log(sink, frozenset(options.mapped((*ATTRIBUTES, *OWNERS)).values()))
    _load(file, log)
    said = log.attributes()
    found = roles(log.object_types(), options, file.name, [*said, *log.attributes_of_objects()])
    given = {key: name for key, name in options.mapped(ATTRIBUTES).items() if name} | owners(said, found, options)
    cells, columns = log.view(found, given)
    if log.reject_others(found["case"]) == log.distinct_events():
        raise InputError(Problem(f"no event has an object of type {found['case']}", file.name, fix=log.advice()))
    project(cells, file, replace(options, columns={}), sink, report, Profile(columns, "sequence", _event_type, NAME))
    log.close()
    report.rows, report.unmapped = log.events, []
    report.columns = {key: kind for key, kind in found.items() if key in OBJECTS}
    report.columns |= given
    report.reasons = {
        key: "given with --map"
        if options.columns.get(key)
        else f"an {'attribute of events' if key in given else 'object type'} that is named like it"
        for key in report.columns
    }
    return report


def _is_csv(file: SourceFile) -> bool:
    return is_table(file) == "delimited" and all(name.encode() in file.head[: 1 << 16] for name in CSV_COLUMNS)


def _event_type(_: str) -> str:
    return '"event type"'


def _load(file: SourceFile, log: Log) -> None:
    if file.head.startswith(_SQLITE):
        from miner.readers.standards.ocel_sqlite import load_sqlite

        load_sqlite(file, log)
    elif file.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        from miner.readers.standards.ocel_xml import load_xml

        load_xml(file, log)
    elif is_old_json(file.head):
        load_old_json(file, log)
    elif _is_csv(file):
        load_old_csv(file, log)
    else:
        from miner.readers.standards.ocel_json import load_json

        load_json(file, log)
    log.flush()
    if not log.events:
        raise InputError(
            Problem("this OCEL log contains no events", file.name, fix="export it again, without its filter")
        )
