"""Parquet as cells: times keep their type, everything else is text."""

from __future__ import annotations

import duckdb

from miner.errors import InputError, Problem
from miner.events.engine import literal, quote
from miner.events.sink import Sink
from miner.readers.base import SourceFile
from miner.readers.tabular.cells import LINE, MAX_COLUMNS, Cells
from miner.readers.tabular.place import plain_path

PARQUET = "Parquet"
_TIMES = ("TIMESTAMP", "DATE")
_AWARE = "TIMESTAMP WITH TIME ZONE"


def load_parquet(file: SourceFile, sink: Sink) -> Cells:
    """A Parquet file; times and numbers keep their type, everything else is text."""
    source = f"read_parquet({literal(plain_path(sink.engine, file.path))}, file_row_number=true)"
    try:
        described = sink.engine.rows(f"DESCRIBE SELECT * FROM {source}")
    except duckdb.Error as error:
        raise unreadable(file.name, error) from None
    if len(described) > MAX_COLUMNS:
        raise InputError(
            Problem(
                f"it has more than {MAX_COLUMNS:,} columns",
                file.name,
                fix="keep the columns that matter: case, activity, time, team",
            )
        )
    typed = {r[0]: r[1] for r in described if r[0] != "file_row_number"}
    kept = {c: _AWARE if "TZ" in t or "ZONE" in t else t for c, t in typed.items() if t.startswith(_TIMES)}
    select = ", ".join(f"CAST({quote(c)} AS {kept.get(c, 'VARCHAR')}) AS {quote(c)}" for c in typed)
    view = f"cells_{sink.source_no}"
    sink.engine.run(
        f"CREATE OR REPLACE VIEW {quote(view)} AS SELECT {select}, file_row_number + 1 AS {quote(LINE)} FROM {source}"
    )
    return Cells(view, tuple(typed), kept, words=PARQUET)


def unreadable(file: str, error: duckdb.Error) -> InputError:
    """The error for a file that is cut off or damaged, in the engine's words without the names of its errors."""
    said = str(error).splitlines()[0].split("Error: ", 1)[-1]
    return InputError(Problem(f"this Parquet file is damaged: {said}", file, fix="export or download it again"))
