"""Tables of one account, each known by its columns: CSV, spreadsheets, or JSON with nested records laid flat."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, tzinfo
from functools import lru_cache

from miner.errors import InputError, Problem
from miner.events import times
from miner.events.sink import Sink
from miner.events.values import id_of, text_of
from miner.readers.base import Options, SourceFile
from miner.readers.shared.fields import Json, Malformed
from miner.readers.shared.records import paged_records, sample
from miner.readers.table_rows import Row
from miner.readers.table_rows import rows as table_rows
from miner.readers.tabular.dialect import detect
from miner.readers.tabular.read import is_table

PAGES = ("records", "result", "results")
Kinds = Mapping[str, Collection[str]]  # table → columns that only it has, all of them


def kind_of(file: SourceFile, kinds: Kinds, labels: Mapping[str, str]) -> str | None:
    """The first of the tables whose columns the head of the file shows."""
    found = _columns(file, labels)
    return next((kind for kind, needed in kinds.items() if found >= set(needed)), None) if found else None


def flat_rows(file: SourceFile, sink: Sink, labels: Mapping[str, str]) -> Iterator[tuple[int, Row]]:
    """The rows with the line each starts on; `{"Owner": {"Name": "x"}}` becomes `owner_name`."""
    if is_table(file) != "json":
        yield from table_rows(file, sink, dict(labels))
        return
    for record in paged_records(file, sink, PAGES):
        yield record.line, {_field(name, labels): value for name, value in _flat(record.value)}


def zone_of(options: Options) -> tzinfo | None:
    """The zone that was declared, None where none was."""
    return times.zone(options.tz) if options.tz else None


class Times:
    """Reads the times of one file. `assume_utc`: a time without a zone is UTC, noted; else it is an error."""

    def __init__(self, options: Options, sink: Sink, assume_utc: bool = False, unit: str = "s"):
        self.options, self.sink, self.assume_utc, self.unit = options, sink, assume_utc, unit
        self.tz = zone_of(options)

    def of(self, value: object, name: str, line: int) -> int | None:
        """A time in µs, None where it is empty. Malformed where it is none; InputError where it lacks a zone."""
        if value is None or value == "":
            return None
        try:
            return times.parse(value, self.tz, self.unit, form=self.options.time_format)
        except times.NoZone:
            if not self.assume_utc:
                raise InputError(
                    Problem(
                        f"{name} has no time zone",
                        self.sink.source,
                        line,
                        name,
                        "set the time zone: --tz Europe/Berlin",
                    )
                ) from None
            self.sink.note("assumed", "times have no time zone and were read as UTC; set another with --tz")
            return times.parse(value, UTC, self.unit, form=self.options.time_format)
        except ValueError as error:
            raise Malformed(name, f"{name} is {error}", value) from None

    def need(self, value: object, name: str, line: int) -> int:
        """A time that must be there; Malformed where it is missing."""
        found = self.of(value, name, line)
        if found is None:
            raise Malformed(name, f"{name} is missing")
        return found


def whole_number(value: object) -> int | None:
    """A count from text or number, None where it is none."""
    text = id_of(value)
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def yes(value: object) -> bool | None:
    """A yes or no as tables write it, None where it is neither."""
    plain = (text_of(value) or "").lower()
    return {
        "true": True,
        "1": True,
        "t": True,
        "yes": True,
        "y": True,
        "false": False,
        "0": False,
        "f": False,
        "no": False,
        "n": False,
    }.get(plain)


def plain_name(name: str) -> str:
    """A column's name in lower case with underscores."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _columns(file: SourceFile, labels: Mapping[str, str]) -> set[str]:
    kind = is_table(file)
    if kind == "delimited":
        names: Collection[str] = _header(file.head)
    elif kind == "json":
        names = {name for record in sample(file, PAGES, 5) for name, _ in _flat(record.value)}
    else:
        names = ()
    return {_field(name, labels) for name in names}


@lru_cache(maxsize=4)
def _header(head: bytes) -> tuple[str, ...]:
    dialect = detect(head.decode("utf-8", "replace"))
    return tuple(dialect.columns) if dialect else ()


def _field(name: str, labels: Mapping[str, str]) -> str:
    plain = plain_name(name)
    return labels.get(plain, plain)


def _flat(record: Json) -> Iterator[tuple[str, str | None]]:
    """Names and values, nested objects one level deep; ServiceNow's pairs give the value and `name_display`."""
    for name, value in record.items():
        if not isinstance(value, dict):
            yield name, _text(value)
        elif "value" in value or "display_value" in value:
            yield name, _text(value.get("value") if value.get("value") is not None else value.get("display_value"))
            yield f"{name}_display", _text(value.get("display_value"))
        else:
            yield name, None
            yield from ((f"{name}_{inner}", _text(below)) for inner, below in value.items())


def _text(value: object) -> str | None:
    return text_of(value) if isinstance(value, bool) else id_of(value)
