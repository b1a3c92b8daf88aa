"""What a table says of who it was, and columns the user wants to keep: beside the events, not in them."""

from __future__ import annotations

from miner.events.engine import quote
from miner.events.sink import Sink
from miner.readers.tabular.cells import Cells
from miner.readers.tabular.celltext import TextOf
from miner.readers.tabular.keys import PEOPLE


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


def kept_columns(cells: Cells, names: tuple[str, ...], text: TextOf) -> str | None:
    """SQL for the attributes of a row: the columns that the user keeps, as JSON; None where it has none of them."""
    kept = [name for name in names if name in cells.columns]
    if not kept:
        return None
    fields = ", ".join("'" + name.replace("'", "''") + f"': {text(name)}" for name in kept)
    return f"CAST(to_json({{{fields}}}) AS VARCHAR)"
