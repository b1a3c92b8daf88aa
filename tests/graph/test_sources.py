"""The rows that nodes and relationships are made of."""

from __future__ import annotations

from pathlib import Path

from miner.graph.frames import opened, select
from miner.graph.schema import declared
from tests.graph.made import costed


def test_the_same_tables_make_the_same_rows_to_the_last_bit(tmp_path: Path) -> None:
    """However many threads read them: a load would otherwise take an unchanged node for a changed one."""
    workspace = costed(tmp_path / "made", 3)
    made = []
    for threads in (1, 2, 4, 8) * 6:
        with opened(workspace) as engine:
            engine.run(f"SET threads = {threads}")
            made.append({part: engine.rows(f"{select(part)} ORDER BY ALL") for part in declared("events", agents=True)})
    assert all(rows == made[0] for rows in made)
