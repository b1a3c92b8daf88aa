"""Any table file as an engine view of text cells with the line each row starts on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from miner.events.engine import Engine
from miner.readers.tabular.dialect import LINE

__all__ = ["LINE", "MAX_COLUMNS", "Cells", "store_rows"]

LONG = 1_000  # bytes of a cell that is neither a time nor an id
CHUNK, LETTERS = 100_000, 1 << 25  # rows and letters that wait at most before the engine gets them
MAX_COLUMNS = 2_000  # no export has as many; the engine takes minutes for tens of thousands


@dataclass
class Cells:
    """An engine view of text columns, and one named LINE."""

    view: str
    columns: tuple[str, ...]
    typed: dict[str, str] = field(default_factory=dict)  # columns that are no text, with their engine type
    renamed: tuple[str, ...] = ()
    header: bool = True
    words: str = ""
    texts: frozenset[str] = frozenset()  # columns known to hold nothing but long texts


def store_rows(
    engine: Engine, table: str, columns: tuple[str, ...], rows: Iterable[tuple[int, list[Any]]]
) -> frozenset[str]:
    """Rows of text into an engine table, in chunks of columns; the columns that hold nothing but long texts."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = [*columns, LINE]
    engine.create(table, {**dict.fromkeys(columns, "VARCHAR"), LINE: "BIGINT"})
    types = [pa.string()] * len(columns) + [pa.int64()]
    held: list[list[Any]] = [[] for _ in names]
    shortest: dict[str, int] = {}
    size = 0

    def hand_over() -> None:
        if held[-1]:
            arrays = [pa.array(values, kind) for values, kind in zip(held, types, strict=True)]
            engine.insert_arrow(table, pa.table(arrays, names=names))
            for column, array in zip(columns, arrays, strict=False):
                if (least := pc.min(pc.binary_length(array)).as_py()) is not None:
                    shortest[column] = min(least, shortest.get(column, least))
            for values in held:
                values.clear()

    for line, row in rows:
        for values, cell in zip(held, row, strict=False):
            values.append(cell)
        held[-1].append(line)
        size += sum(len(cell) for cell in row if cell)
        if len(held[-1]) >= CHUNK or size >= LETTERS:
            hand_over()
            size = 0
    hand_over()
    return frozenset(column for column, least in shortest.items() if least > LONG)
