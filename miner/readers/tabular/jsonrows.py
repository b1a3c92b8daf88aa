"""JSON lines (or an array of objects) as cells; nested objects become columns with dots."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

from miner.errors import InputError, Problem
from miner.events.sink import Sink
from miner.readers.base import SourceFile, UnknownFormat
from miner.readers.shared.records import records
from miner.readers.tabular.cells import MAX_COLUMNS, Cells, store_rows
from miner.readers.tabular.dialect import unique_names
from miner.readers.tabular.pagerows import records_at
from miner.readers.tabular.pages import Page, lists_in, page_of

DEPTH = 5
_REFUSALS = ("error", "errors", "error_description", "fault")


class _Ignore:
    """The first pass looks at columns only; the second one rejects."""

    def reject(self, *_: object) -> None:
        """Pass over."""


def load_json(file: SourceFile, sink: Sink, path: str | None = None) -> Cells:
    """Two passes over the records: the columns there are, then the rows.

    The records are those at the `path`; where it is not given and the file is an answer of an API, the
    elements of its list, which is noted.
    """
    source = _Source(file, tuple(filter(None, (path or "").split("."))))
    columns: dict[str, None] = {}
    last: list[dict[str, Any]] = []
    for line, record in source.records(_Ignore()):
        last = [*last[-1:], record]
        columns.update(dict.fromkeys(_flat(record)))
        if len(columns) > MAX_COLUMNS:
            raise InputError(
                Problem(
                    f"its records have more than {MAX_COLUMNS:,} different field names",
                    file.name,
                    line,
                    fix="keep the keys that matter: case, activity, time, team",
                )
            )
    keys = tuple(columns)
    if not keys:
        raise source.nothing()
    if len(last) == 1 and (refusal := next((key for key in _REFUSALS if key in last[0]), None)):
        raise UnknownFormat(
            Problem(
                f"this is an error response, not data: {str(last[0][refusal])[:100]}", file.name, fix="export it again"
            )
        )
    source.tell(sink, last[-1])
    names, renamed = unique_names(list(keys))
    view = f"cells_{sink.source_no}"
    texts = store_rows(sink.engine, view, names, _rows(source, sink, keys))
    return Cells(view, names, renamed=renamed, words=source.words, texts=texts)


class _Source:
    """Where the records of a file are: at its top, in the list that was named, or in the list of an answer."""

    def __init__(self, file: SourceFile, path: tuple[str, ...]):
        self._file, self._path, self._given = file, path, bool(path)
        self._page: Page | None = None
        if not path and (found := page_of(file)):
            self._path, self._page = found
        self.words = f"the list {'.'.join(self._path)!r}" if self._path else "JSON records"

    def records(self, sink: Sink | _Ignore) -> Iterator[tuple[int, dict[str, Any]]]:
        if self._path:
            return records_at(self._file, cast("Sink", sink), self._path, held=self._given)
        return records(self._file, cast("Sink", sink))

    def nothing(self) -> InputError:
        """The error where there is no record."""
        if not self._given:
            return UnknownFormat(Problem("its records are empty", self._file.name, fix="export it again"))
        there = page_of(self._file)
        lists = ", ".join(".".join(path) for path in there[1].lists) if there else ""
        return InputError(
            Problem(
                f"there is no record at {'.'.join(self._path)!r}",
                self._file.name,
                fix=f"its lists are: {lists}" if lists else "omit --records-at",
            )
        )

    def tell(self, sink: Sink, record: dict[str, Any]) -> None:
        """Note which list was taken, and which others there are, beside it or in its records."""
        if self._page:
            others = [".".join(path) for path in self._page.lists if path != self._path]
            beside = f"; others are {', '.join(map(repr, others))}: --records-at PATH names another" if others else ""
            sink.note("records_at", f"the records are those of the list {'.'.join(self._path)!r}{beside}")
        if inner := [".".join((*self._path, name)) for name in lists_in(record)]:
            sink.note(
                "lists_inside",
                f"its records contain lists of objects, which are not read: "
                f"{', '.join(inner[:5])}; "
                f"--records-at {inner[0]} reads them, each with the fields of its record",
            )


def _rows(source: _Source, sink: Sink, keys: tuple[str, ...]) -> Iterator[tuple[int, list[Any]]]:
    for line, record in source.records(sink):
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
