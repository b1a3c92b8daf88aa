"""XES as cells: event keys as they are, trace attributes prefixed with "case:"."""

from __future__ import annotations

import mmap
import subprocess
import sys
from pathlib import Path

from miner.errors import InputError, Problem
from miner.events.engine import Engine, literal, quote
from miner.events.sink import Sink
from miner.readers.base import SourceFile
from miner.readers.tabular.cells import LINE, Cells
from miner.readers.tabular.dialect import unique_names
from miner.readers.tabular.xes_text import TRACE, write_as_strings

CASE, NUMBER = "case:concept:name", f"case:{TRACE}"
_DIED = "this XES file cannot be read: its parser crashed, as it does on elements nested thousands of levels deep"


def load_xes(file: SourceFile, sink: Sink) -> Cells:
    """An unpacked XES file through r4pm, all cells as text; `line` is the number of the event in the file.

    A trace without a name is a case of its own, named after its place ("trace 7"), and counted.
    """
    _refuse_declarations(file)
    parsed, begun = _parsed(file, sink.engine)
    source = f"read_parquet({literal(str(parsed))}, file_row_number=true)"
    there = [row[0] for row in sink.engine.rows(f"DESCRIBE SELECT * FROM {source}") if row[0] != "file_row_number"]
    (read,) = sink.engine.one(f"SELECT count(*) FROM {source}")
    if begun != read:
        what = f"the file has {begun:,} event tags, {read:,} were read: the XML is damaged (or some are in comments)"
        sink.note("xes_events", what)
    own = [column for column in there if column != NUMBER]
    columns, renamed = unique_names(list(dict.fromkeys([*own, CASE])))
    picks = [f"{_cell(column, own)} AS {quote(name)}" for column, name in zip([*own, CASE], columns, strict=False)]
    view = f"cells_{sink.source_no}"
    sink.engine.run(
        f"CREATE OR REPLACE TEMP VIEW {quote(view)} AS "
        f"SELECT {', '.join(picks)}, file_row_number + 1 AS {quote(LINE)} FROM {source}"
    )
    _note_nameless(source, own, sink)
    return Cells(view, columns, {}, renamed, words="XES")


def _cell(column: str, own: list[str]) -> str:
    """The SQL of a cell: its text; of the case the name of its trace, else the trace's number in words."""
    if column != CASE:
        return f"CAST({quote(column)} AS VARCHAR)"
    named = f"nullif(trim({quote(CASE)}), '')" if CASE in own else "CAST(NULL AS VARCHAR)"
    return f"coalesce({named}, 'trace ' || {quote(NUMBER)})"


def _note_nameless(source: str, own: list[str], sink: Sink) -> None:
    nameless = f"coalesce(trim({quote(CASE)}), '') = ''" if CASE in own else "true"
    (traces,) = sink.engine.one(f"SELECT count(DISTINCT {quote(NUMBER)}) FROM {source} WHERE {nameless}")
    if traces:
        sink.note(
            "nameless_traces",
            "traces without a name (concept:name) are separate cases, named after "
            "their position in the file ('trace 7'); if an attribute identifies the case: --map case=case:KEY",
            traces,
        )


def _parsed(file: SourceFile, engine: Engine) -> tuple[Path, int]:
    """The events as a Parquet file in the session's folder, and how many begin in the file.

    InputError without events, and where the parser fails.
    """
    text, target = engine.new_file(".xes"), engine.new_file(".parquet")
    begun = write_as_strings(file.path, text)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "miner.readers.tabular.xes_worker", str(text), str(target)],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    text.unlink()
    if done.returncode == 0:
        return target, begun
    if done.returncode == 2:
        raise InputError(Problem("it contains no event", file.name, fix="export the log again, with its events"))
    said = done.stdout.strip().splitlines()
    what = f"this XES file cannot be read: {said[-1]}" if done.returncode == 1 and said else _DIED
    raise InputError(Problem(what, file.name, fix="validate the XML and export it again"))


def _refuse_declarations(file: SourceFile) -> None:
    """Document types and entities have no place in a log: they read other files or grow without end."""
    with file.path.open("rb") as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as text:
        found = [at for at in (text.find(b"<!DOCTYPE"), text.find(b"<!ENTITY")) if at >= 0]
        line = text[: min(found)].count(b"\n") + 1 if found else 0
    if line:
        raise InputError(
            Problem(
                "declares a document type or entities, which is not safe to read",
                file.name,
                line,
                fix="remove the <!DOCTYPE …> part",
            )
        )
    if b"</log>" not in _tail(file):
        raise InputError(
            Problem("the file ends before </log>: it is truncated", file.name, fix="export or download it again")
        )


def _tail(file: SourceFile) -> bytes:
    size = file.path.stat().st_size
    with file.path.open("rb") as f:
        f.seek(max(0, size - 4096))
        return f.read()
