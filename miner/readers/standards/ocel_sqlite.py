"""OCEL 2.0 in SQLite: the tables of its events, objects and relations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from miner.errors import InputError, Problem
from miner.events.values import text_of
from miner.readers.base import SourceFile
from miner.readers.databases.sqlite import ERRORS, connect
from miner.readers.standards.ocel_tables import Log, Thing

_OWN = ("ocel_id", "ocel_time", "ocel_changed_field")


def load_sqlite(file: SourceFile, log: Log) -> None:
    """Load the events and objects; InputError where a table of the format is missing or unreadable."""
    try:
        with closing(connect(file.path, file.name, views=False)) as connection:
            for kind, row in _things(connection, "event"):
                log.add_event(Thing(row["ocel_id"], kind, row["rowid"], row["ocel_time"], _values(row, None)))
            for kind, row in _things(connection, "object"):
                thing = Thing(row["ocel_id"], kind, row["rowid"], None, _values(row, row["ocel_time"]))
                (log.add_values if row.get("ocel_changed_field") else log.add_object)(thing)
            for event, touched in connection.execute("SELECT ocel_event_id, ocel_object_id FROM event_object"):
                log.touch(str(event), [str(touched)])
            for one, other in connection.execute("SELECT ocel_source_id, ocel_target_id FROM object_object"):
                log.relate(str(one), str(other))
    except ERRORS as error:
        raise InputError(
            Problem(f"this OCEL cannot be read: SQLite says: {error}", file.name, fix="export it again as OCEL 2.0")
        ) from None


def _things(connection: sqlite3.Connection, what: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(type, row) of all events or objects; of an object first its own row, then its changes."""
    for kind, table in connection.execute(f"SELECT ocel_type, ocel_type_map FROM {what}_map_type").fetchall():
        name = f"{what}_{table}".replace('"', '""')
        cursor = connection.execute(f'SELECT rowid, * FROM "{name}" ORDER BY rowid')
        names = ["rowid", *(column[0] for column in cursor.description[1:])]
        for cells in cursor:
            row = dict(zip(names, cells, strict=True))
            row = {**row, "ocel_id": str(row.get("ocel_id")), "ocel_time": text_of(row.get("ocel_time"))}
            yield str(kind), row


def _values(row: dict[str, Any], at: str | None) -> list[tuple[str, str | None, str | None]]:
    """The attributes of a row; of a change only the one that changed."""
    changed = row.get("ocel_changed_field")
    return [
        (name, at, text_of(value))
        for name, value in row.items()
        if name not in _OWN and name != "rowid" and value is not None and changed in (None, name)
    ]
