"""JSON lines (or an array of objects) as cells; nested objects become columns with dots."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from miner.errors import InputError, Problem
from miner.events.sink import Sink
from miner.readers.base import SourceFile
from miner.readers.records import records
from miner.readers.tabular.cells import MAX_COLUMNS, Cells, store_rows
from miner.readers.tabular.dialect import unique_names
from miner.readers.unknown import Unknown

DEPTH = 5
_REFUSALS = ("error", "errors", "error_description", "fault")


class _Ignore:
    """The first pass looks at columns only; the second one rejects."""

    def reject(self, *_: object) -> None:
        """Pass over."""


def load_json(file: SourceFile, sink: Sink) -> Cells:
    """Two passes over the records: the columns there are, then the rows."""
    columns: dict[str, None] = {}
    last: list[dict[str, Any]] = []
    for line, record in records(file, _Ignore()):  # type: ignore[arg-type]
        last = [*last[-1:], record]
        columns.update(dict.fromkeys(_flat(record)))
        if len(columns) > MAX_COLUMNS:
            raise InputError(Problem(f"its records have more than {MAX_COLUMNS:,} different keys", file.name, line,
                                     fix="keep the keys that matter: case, activity, time, team"))  # fmt: skip
    keys = tuple(columns)
    if not keys:
        raise Unknown(Problem("its records are empty", file.name, fix="export it again"))
    if len(last) == 1 and (refusal := next((key for key in _REFUSALS if key in last[0]), None)):
        raise Unknown(Problem(f"this is an error message of the system and no data: {str(last[0][refusal])[:100]}",
                              file.name, fix="export it again"))  # fmt: skip
    names, renamed = unique_names(list(keys))
    view = f"cells_{sink.source_no}"
    store_rows(sink.engine, view, names, _rows(file, sink, keys))
    return Cells(view, names, renamed=renamed, words="JSON records")


def _rows(file: SourceFile, sink: Sink, keys: tuple[str, ...]) -> Iterator[tuple[int, list[Any]]]:
    for line, record in records(file, sink):
        flat = _flat(record)
        yield line, [flat.get(key) for key in keys]


def _flat(record: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, dict) and depth < DEPTH:
            found.update(_flat(value, f"{prefix}{key}.", depth + 1))
        elif isinstance(value, (dict, list)):
            found[prefix + key] = json.dumps(value, default=float)  # exact numbers of nested values as usual ones
        elif value is not None:
            found[prefix + key] = str(value).lower() if isinstance(value, bool) else str(value)
    return found
