"""The typed rows and the engine's columns are one declaration."""

from __future__ import annotations

import pytest

from miner.events.engine import Engine
from miner.events.schema import RAW_EVENTS, RAW_INTERACTIONS, RAW_REFERENCES, Event, Interaction, Reference
from miner.events.sink import Sink

ROWS = {
    "raw_events": (Event, RAW_EVENTS),
    "raw_interactions": (Interaction, RAW_INTERACTIONS),
    "raw_references": (Reference, RAW_REFERENCES),
}
PYTHON = {"VARCHAR": "str", "BIGINT": "int", "INTEGER": "Int32", "DOUBLE": "float", "BOOLEAN": "bool"}


@pytest.mark.parametrize("table", ROWS)
def test_a_typed_row_has_the_columns_of_its_table(table: str) -> None:
    """Names, order and types of the fields are those of the table that the sink makes."""
    row, columns = ROWS[table]
    with Engine() as engine:
        Sink(engine)
        made = engine.rows(f"SELECT column_name, column_type FROM (DESCRIBE {table})")
    assert made == list(columns.items())
    hints = {name: hint.__forward_arg__.removesuffix(" | None") for name, hint in row.__annotations__.items()}
    assert hints == {name: PYTHON[kind] for name, kind in columns.items()}


def test_a_key_that_is_no_column_is_refused() -> None:
    """A misspelt key of an event is an error that names it, not a value that is lost."""
    with Engine() as engine, pytest.raises(KeyError, match="actvity"):
        Sink(engine).event(interaction_id="a:1", started_us=0, actvity="x")
