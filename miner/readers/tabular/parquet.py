"""Parquet as cells: times keep their type, everything else is text."""

from __future__ import annotations

import duckdb

from miner.errors import InputError, Problem
from miner.events.engine import quote
from miner.events.sink import Sink
from miner.readers.base import SourceFile
from miner.readers.tabular.cells import LINE, Cells
from miner.readers.tabular.celltext import literal
from miner.readers.tabular.place import plain_path


def load_parquet(file: SourceFile, sink: Sink) -> Cells:
    """A Parquet file; times and numbers keep their type, everything else is text."""
    source = f"read_parquet({literal(plain_path(sink.engine, file.path))}, file_row_number=true)"
    try:
        described = sink.engine.rows(f"DESCRIBE SELECT * FROM {source}")
    except duckdb.Error as error:
        raise InputError(
            Problem(f"this Parquet file cannot be read: {str(error).splitlines()[0]}", file.name)
        ) from None
    typed = {r[0]: r[1] for r in described if r[0] != "file_row_number"}
    kept = {c: t for c, t in typed.items() if t.startswith(("TIMESTAMP", "DATE"))}
    select = ", ".join(quote(c) if c in kept else f"CAST({quote(c)} AS VARCHAR) AS {quote(c)}" for c in typed)
    view = f"cells_{sink.source_no}"
    sink.engine.run(
        f"CREATE OR REPLACE VIEW {quote(view)} AS SELECT {select}, file_row_number + 1 AS {quote(LINE)} FROM {source}"
    )
    return Cells(view, tuple(typed), kept, words="Parquet")
