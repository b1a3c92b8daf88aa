"""The tables of a workspace as views of one engine session, and the names under which owners are shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from miner.errors import UsageError
from miner.events.engine import Engine
from miner.privacy.small import K
from miner.sql import load_saved
from miner.workspace import Workspace

_MANY = 4 * K  # journeys from which on a log has groups to hide in
NEEDED = ("events", "journeys", "visits", "handoffs", "returns", "pingpongs", "transitions", "waits")


@contextmanager
def tables(workspace: Workspace) -> Iterator[Engine]:
    """An engine session with a view for every table, `owners` (owner → shown), `nearest50(x)` and `nearest95(x)`.

    Where owners are people (no team column) they are shown as "Person 1", "Person 2", … by size:
    the report never names an agent. Who had fewer than five journeys of a log of any size stands under one name
    with the others of whom that is so. Bots keep their names.
    """
    for name in NEEDED:
        if not workspace.table_path(name).is_file():
            raise UsageError(
                f"no table {name!r} in {workspace.path}", fix="finish the run: miner run SOURCE -o WORKSPACE"
            )
    with Engine() as engine:
        load_saved(engine, workspace, *workspace.tables())
        people = workspace.summary.get("owner_level") == "agent"
        engine.run(_OWNERS.format(k=K, many=_MANY), [people])
        for rank in (50, 95):  # discrete, nearest rank (definitions: Order)
            engine.run(f"CREATE TEMP MACRO nearest{rank}(x) AS (list(x ORDER BY x))[({rank} * count(x) + 99) // 100]")
        yield engine


def has(engine: Engine, table: str) -> bool:
    """Whether the workspace has this table: what an older one lacks is said, not guessed."""
    return bool(engine.one("SELECT count(*) FROM duckdb_views() WHERE view_name = ?", [table])[0])


_OWNERS = """
CREATE TEMP TABLE owners AS
WITH counted AS (
  SELECT owner, count(*) AS n, count(*) FILTER (actor_type = 'bot') > 0 AS is_bot,
         count(DISTINCT journey_id) < {k} AND (SELECT count(*) FROM journeys) >= {many} AS is_few
  FROM visits GROUP BY owner
)
SELECT owner,
       CASE WHEN is_bot OR NOT ? THEN owner
            WHEN is_few THEN 'People in fewer than {k} journeys'
            ELSE 'Person ' || row_number() OVER (PARTITION BY is_bot, is_few ORDER BY n DESC, owner) END AS shown
FROM counted
"""
