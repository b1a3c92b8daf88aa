"""XES as cells: event keys as they are, trace attributes prefixed with "case:"."""

from __future__ import annotations

import mmap
import re
from typing import Any

from miner.errors import InputError, Problem
from miner.events.engine import Engine, quote
from miner.events.sink import Sink
from miner.readers.base import SourceFile
from miner.readers.tabular.cells import LINE, Cells
from miner.readers.tabular.dialect import unique_names

_EVENT = re.compile(rb"<event[\s/>]")


def load_xes(file: SourceFile, sink: Sink) -> Cells:
    """An unpacked XES file through r4pm; times come as UTC, `line` is the number of the event in the file."""
    _refuse_declarations(file)
    events = _import(file, sink.engine)
    if events.height == 0 or "case:concept:name" not in events.columns:
        unnamed = "no trace has a name (concept:name), so the cases are unknown"
        what = unnamed if events.height else "it holds no event"
        raise InputError(Problem(what, file.name, fix="look at the export: which attribute tells the case?"))
    if (begun := _events(file)) != events.height:
        what = f"events begin {begun:,} times, {events.height:,} were read: the XML is damaged (or some are comments)"
        sink.note("xes_events", what)
    table, view = f"xes_{sink.source_no}", f"cells_{sink.source_no}"
    columns, renamed = unique_names(list(events.columns))
    events.columns = list(columns)
    sink.engine.sql.register(table, events.to_arrow())
    kinds = zip(columns, events.schema.values(), strict=True)
    typed = {c: "TIMESTAMP WITH TIME ZONE" for c, kind in kinds if kind.is_temporal()}
    select = ", ".join(
        f"CAST({quote(c)} AS TIMESTAMPTZ) AS {quote(c)}" if c in typed else f"CAST({quote(c)} AS VARCHAR) AS {quote(c)}"
        for c in columns)  # fmt: skip
    sink.engine.run(
        f"CREATE OR REPLACE TEMP VIEW {quote(view)} AS SELECT {select}, row_number() OVER () AS {quote(LINE)} "
        f"FROM {quote(table)}"
    )
    return Cells(view, columns, typed, renamed, words="XES", first_line=1)


def _import(file: SourceFile, engine: Engine) -> Any:
    from r4pm.df import import_xes

    path = file.path
    if path.suffix != ".xes":  # the parser goes by the ending of the name
        path = engine.new_file(".xes")
        path.symlink_to(file.path.resolve())
    try:
        return import_xes(str(path))[0]
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise  # a panic of the parser is no Exception, but neither is a wish to stop
        raise InputError(
            Problem(f"this XES file cannot be read: {error}", file.name, fix="validate the XML and export it again")
        ) from None


def _refuse_declarations(file: SourceFile) -> None:
    """Document types and entities have no place in a log: they read other files or grow without end."""
    with file.path.open("rb") as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as text:
        found = [at for at in (text.find(b"<!DOCTYPE"), text.find(b"<!ENTITY")) if at >= 0]
        line = text[: min(found)].count(b"\n") + 1 if found else 0
    if line:
        raise InputError(Problem("declares a document type or entities, which is not safe to read", file.name, line,
                                 fix="remove the <!DOCTYPE …> part"))  # fmt: skip
    if b"</log>" not in _tail(file):
        raise InputError(
            Problem("the file ends before </log>: it is truncated", file.name, fix="export or download it again")
        )


def _events(file: SourceFile) -> int:
    """How many events begin in a file, without parsing it."""
    with file.path.open("rb") as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as text:
        return sum(1 for _ in _EVENT.finditer(text))


def _tail(file: SourceFile) -> bytes:
    size = file.path.stat().st_size
    with file.path.open("rb") as f:
        f.seek(max(0, size - 4096))
        return f.read()
