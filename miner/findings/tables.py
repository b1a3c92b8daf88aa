"""The tables of a workspace as findings read them: an SQL file for each question."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar, cast

from miner.events.engine import Engine
from miner.graph.frames import opened
from miner.graph.schema import sources
from miner.sql import load_saved
from miner.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

Row = TypeVar("Row")
# A handoff with what is asked again after it, null where nothing is.
_ASKED_AGAIN = """
SELECT h.journey_id, h.from_owner, h.to_owner, h.from_silo, h.to_silo, g.asked_s,
       CASE WHEN g.asked_s IS NOT NULL THEN h.journey_id END AS asked_in
FROM handoffs h LEFT JOIN (
  SELECT journey_id, handoff_position AS position, total(information_gap_cost_s) AS asked_s FROM transitions
  WHERE information_gap_cost_s > 0 AND handoff_position IS NOT NULL GROUP BY journey_id, handoff_position
) g USING (journey_id, position)
"""
_VIEWS = {
    "team_pairs": f"SELECT * FROM {sources.TEAM_PAIRS}",
    "steps": f"SELECT * FROM {sources.TRANSITIONS}",
    "silo_paths": f"SELECT * FROM {sources.SILO_PATHS}",
    "taken_paths": f"SELECT * FROM {sources.TOOK}",
    "outcomes_of_journeys": f"SELECT journey_id, counted_outcome FROM {sources.JOURNEYS}",
    "asked_again": _ASKED_AGAIN,
}


class Tables:
    """Answers questions from the tables of one workspace."""

    def __init__(self, engine: Engine, workspace: Workspace):
        self._engine = engine
        load_saved(engine, workspace, "waits")
        for name, select in _VIEWS.items():
            engine.run(f"CREATE VIEW {name} AS {select}")

    def ask(self, name: str, kind: type[Row], **params: Any) -> list[Row]:
        """The rows of `sql/<name>.sql`, whose columns are the keys of `kind`, with its parameters."""
        cursor = self._engine.sql.execute(_text(name), params)
        columns = [column[0] for column in cursor.description]
        return [cast(Row, dict(zip(columns, row, strict=True))) for row in cursor.fetchall()]

    def arrow(self, name: str) -> pa.Table:
        """The rows of `sql/<name>.sql` as Arrow."""
        return self._engine.sql.sql(_text(name)).to_arrow_table()

    def journeys(self) -> int:
        """How many journeys there are."""
        return int(self._engine.one("SELECT count(*) FROM journeys")[0])


@contextmanager
def tables_of(workspace: Workspace) -> Iterator[Tables]:
    """The tables of a workspace, for as long as they are asked."""
    with opened(workspace) as engine:
        yield Tables(engine, workspace)


def _text(name: str) -> str:
    return files(__package__).joinpath(f"sql/{name}.sql").read_text(encoding="utf-8")
