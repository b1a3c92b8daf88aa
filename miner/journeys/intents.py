"""Intents by a table of the user's: a value or a pattern with * and ?, and the intent it means.

The first row that fits counts; what none fits stays as it is and is said. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from miner.events.engine import Engine
from miner.events.notes import NoteTaker
from miner.events.pairs import read_pairs

_TABLES = ("raw_events", "raw_interactions")


def read_intents(path: Path) -> dict[str, str]:
    """Value or pattern → intent, from a CSV with the columns value (or pattern) and intent, in its order."""
    found: dict[str, str] = {}
    for _, value, intent in read_pairs(path, ("value", "pattern"), "intent"):
        found.setdefault(value, intent)
    return found


def intent_of(value: str, intents: Mapping[str, str]) -> str | None:
    """The intent that a value means; None where no row of the table fits. Upper and lower case are one."""
    text = value.strip().lower()
    return next((intent for given, intent in intents.items() if fnmatchcase(text, given.lower())), None)


def rename_intents(engine: Engine, intents: Mapping[str, str], note: NoteTaker) -> None:
    """Put the table's intents for the values in raw_events and raw_interactions."""
    if not intents:
        return
    import pyarrow as pa

    both = " UNION ".join(f"SELECT intent FROM {table} WHERE intent IS NOT NULL" for table in _TABLES)
    values = [row[0] for row in engine.rows(f"{both} ORDER BY 1")]
    meant = {value: intent for value in values if (intent := intent_of(value, intents)) is not None}
    for value in values:
        if value not in meant:
            note("intents", "values without a matching row in the intents table stay unchanged", 1, value)
    columns = {"was": pa.array(list(meant), pa.string()), "now": pa.array(list(meant.values()), pa.string())}
    engine.create("meant", {"was": "VARCHAR", "now": "VARCHAR"})
    engine.insert_arrow("meant", pa.table(columns))
    for table in _TABLES:
        engine.run(f"UPDATE {table} SET intent = m.now FROM meant m WHERE m.was = {table}.intent AND m.now <> m.was")
    engine.run("DROP TABLE meant")
