"""What a table says of who it was, and columns the user wants to keep: beside the events, not in them."""

from __future__ import annotations

from miner.events.engine import Engine, literal, quote
from miner.events.sink import Sink
from miner.readers.tabular.cells import Cells
from miner.readers.tabular.celltext import TextOf, number
from miner.readers.tabular.keys import ATTRIBUTES, PEOPLE


def tell_identities(cells: Cells, columns: dict[str, str], text: TextOf, sink: Sink) -> None:
    """A row of raw_interactions for each case with anything that tells who it was: its first value of each."""
    mapped = [key for key in PEOPLE if key in columns]
    if not mapped:
        return
    case = text(columns["case"], ids=True)
    found = ", ".join(f"min({text(columns[key], ids=True)}) AS {key}" for key in mapped)
    fields = ", ".join(f"'{key}': {key}" for key in mapped)
    any_of = " OR ".join(f"{key} IS NOT NULL" for key in mapped)
    sink.engine.run(
        f"INSERT INTO raw_interactions BY NAME SELECT interaction_id, to_json({{{fields}}}) AS identity FROM ("
        f"SELECT {case} AS interaction_id, {found} FROM {quote(cells.view)} GROUP BY 1) "
        f"WHERE interaction_id IS NOT NULL AND ({any_of})"
    )


def kept_columns(
    engine: Engine, cells: Cells, names: tuple[str, ...], columns: dict[str, str], text: TextOf
) -> str | None:
    """SQL for the attributes of a row, as JSON: the columns that the user keeps, and those of the keys that are none.

    A score or tone is a number where it can be read as one, else the text as it is. None where there is none of them.
    """
    found = {name: text(name) for name in names if name in cells.columns}
    for key in (key for key in ATTRIBUTES if key in columns):
        own = text(columns[key])
        if key in ("score", "sentiment"):
            plain = f"TRY_CAST({own} AS DOUBLE) IS NOT NULL"
            read = number(engine, cells, columns[key])
            own = f"CASE WHEN {plain} THEN {own} ELSE coalesce(CAST({read} AS VARCHAR), {own}) END"
        found[key] = own
    if not found:
        return None
    fields = ", ".join(f"{literal(name)}: {sql}" for name, sql in found.items())
    known = " OR ".join(f"{sql} IS NOT NULL" for sql in found.values())
    return f"CASE WHEN {known} THEN CAST(to_json({{{fields}}}) AS VARCHAR) END"
