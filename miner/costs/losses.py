"""What is kept of the value lost on paths: the table `value_lost`, and what each journey of a found path lost.

Beside `value_lost` it needs the components of `transitions` for the hours that would go if the waits of a path's
handoffs fell to the median (definitions: Value lost on cross-silo paths, delay_removed_h).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import pyarrow as pa

from miner.costs.loss_places import Place, place_of, shown
from miner.costs.value_lost import PathLoss, judge, value_lost
from miner.events.engine import Engine
from miner.workspace import Workspace

EXAMPLES = 10
TABLES = ("value_lost", "value_lost_journeys")  # what is saved
_READ = ("journeys", "silo_visits", "transitions", "visits")

# Journeys of known outcome on a path that took none of the paths set aside, with the shares of their stratum.
_JOURNEYS = """
WITH on_path AS (
  SELECT DISTINCT l.no, t.journey_id FROM losses l JOIN took t ON t.path = l.path
),
kept AS (
  SELECT o.no, o.journey_id FROM on_path o
  WHERE NOT EXISTS (
    SELECT 1 FROM aside a JOIN took x ON x.path = a.path WHERE a.no = o.no AND x.journey_id = o.journey_id)
),
others AS (
  SELECT l.no, j.journey_id, j.intent, j.good, j.value, k.journey_id IS NOT NULL AS on_path
  FROM losses l
  CROSS JOIN judged j
  LEFT JOIN kept k ON k.no = l.no AND k.journey_id = j.journey_id
  WHERE NOT EXISTS (
    SELECT 1 FROM aside a JOIN took x ON x.path = a.path WHERE a.no = l.no AND x.journey_id = j.journey_id)
),
shares AS (
  SELECT
    no, intent, count(*) FILTER (WHERE on_path) AS n_on, count(*) FILTER (WHERE NOT on_path) AS n_off,
    avg(CASE WHEN good THEN 1.0 ELSE 0.0 END) FILTER (WHERE NOT on_path)
      - avg(CASE WHEN good THEN 1.0 ELSE 0.0 END) FILTER (WHERE on_path) AS gap
  FROM others GROUP BY no, intent
),
-- the event with which a journey reaches the last silo of the path for the first time
reached AS (
  SELECT l.no, t.journey_id, min(v.opened_seq) AS seq
  FROM losses l
  JOIN took t ON t.path = l.path
  JOIN silo_visits s ON s.journey_id = t.journey_id AND s.position = t.position + len(t.path) - 1
  JOIN visits v ON v.journey_id = s.journey_id AND v.position = s.first_position
  GROUP BY l.no, t.journey_id
)
SELECT o.no + 1 AS rank, o.journey_id, r.seq, nullif(o.intent, '') AS intent, o.value,
       o.value * s.gap * l.corrected AS value_lost
FROM others o
JOIN losses l ON l.no = o.no
JOIN shares s ON s.no = o.no AND s.intent = o.intent
JOIN reached r ON r.no = o.no AND r.journey_id = o.journey_id
WHERE o.on_path AND s.n_on >= 5 AND s.n_off >= 5
"""
# Every transition that waits for a handoff between two silos of a path, once for each path and journey.
_DELAYS = """
WITH occurring AS (
  SELECT DISTINCT t.path, t.journey_id, s.first_position AS handoff_position
  FROM took t
  JOIN silo_visits s ON s.journey_id = t.journey_id AND s.position > t.position
    AND s.position < t.position + len(t.path)
)
SELECT o.path, total(t.delay_cost_s) / 3600
FROM occurring o
JOIN transitions t ON t.journey_id = o.journey_id AND t.handoff_position = o.handoff_position
GROUP BY o.path
"""


_NOTHING = (
    "SELECT CAST(NULL AS BIGINT) AS rank, CAST(NULL AS VARCHAR) AS journey_id, CAST(NULL AS BIGINT) AS seq, "
    "CAST(NULL AS VARCHAR) AS intent, CAST(NULL AS DOUBLE) AS value, CAST(NULL AS DOUBLE) AS value_lost WHERE false"
)


def find_losses(workspace: Workspace, good: tuple[str, ...]) -> list[tuple[PathLoss, Place | None]]:
    """The paths that can be judged, each found one with the place of its loss.

    Writes `value_lost_journeys`, a row a journey of a found path, for `price`.
    """
    with _opened(workspace) as engine:
        losses = value_lost(engine, good)
        each = _each_journey(engine, [loss for loss in losses if loss.rank])
        workspace.write("tables/value_lost_journeys.parquet", partial(engine.copy_parquet, each))
        return [(loss, place_of(engine, no) if loss.rank else None) for no, loss in enumerate(losses)]


def save_losses(workspace: Workspace, found: list[tuple[PathLoss, Place | None]], good: tuple[str, ...]) -> None:
    """Write `value_lost`, a row a path, with the delay of its handoffs: after `price`."""
    with _opened(workspace) as engine:
        if found:
            judge(engine, good)
        rows = _rows(found, _delays(engine, bool(found)), _examples(engine, bool(found)))
        workspace.write("tables/value_lost.parquet", partial(_write, rows))


@contextmanager
def _opened(workspace: Workspace) -> Iterator[Engine]:
    with Engine() as engine:
        for table in _READ:
            engine.see_parquet(table, workspace.table_path(table))
        yield engine


def _delays(engine: Engine, found: bool) -> dict[tuple[str, ...], float | None]:
    if not found:
        return {}
    columns = {row[0] for row in engine.rows("DESCRIBE transitions")}
    if not {"delay_cost_s", "handoff_position"} <= columns:
        return {}
    return {tuple(path): hours for path, hours in engine.rows(_DELAYS)}


def _examples(engine: Engine, found: bool) -> dict[tuple[str, ...], list[str]]:
    """The example journeys of each path: those that ended badly, the most valuable first."""
    if not found:
        return {}
    rows = engine.rows(
        "SELECT t.path, list(j.journey_id ORDER BY j.value DESC NULLS LAST, j.journey_id)[:?] "
        "FROM (SELECT DISTINCT path, journey_id FROM took) t JOIN judged j USING (journey_id) "
        "WHERE NOT j.good GROUP BY 1",
        [EXAMPLES],
    )
    return {tuple(path): list(ids) for path, ids in rows}


def _each_journey(engine: Engine, found: Sequence[PathLoss]) -> str:
    """SQL for the journeys of the found paths and what each of them lost."""
    engine.create("losses", {"no": "BIGINT", "path": "VARCHAR[]", "corrected": "DOUBLE"})
    engine.create("aside", {"no": "BIGINT", "path": "VARCHAR[]"})
    for no, loss in enumerate(found):
        engine.run("INSERT INTO losses VALUES (?, ?, ?)", [no, loss.path, loss.corrected])
        for path in loss.set_aside:
            engine.run("INSERT INTO aside VALUES (?, ?)", [no, path])
    if not found:
        return _NOTHING
    return f"{_JOURNEYS} ORDER BY rank, journey_id"


_SCHEMA = pa.schema(
    [
        ("rank", pa.int64()),
        ("path", pa.list_(pa.string())),
        ("journeys", pa.int64()),
        ("good", pa.int64()),
        ("expected_good", pa.float64()),
        ("lost_outcomes", pa.float64()),
        ("outcomes_corrected", pa.float64()),
        ("outcomes_low", pa.float64()),
        ("outcomes_high", pa.float64()),
        ("value_lost", pa.float64()),
        ("value_corrected", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("value_compared", pa.float64()),
        ("value_left_out", pa.float64()),
        ("p", pa.float64()),
        ("delay_removed_h", pa.float64()),
        ("set_aside", pa.list_(pa.list_(pa.string()))),
        ("rivals", pa.list_(pa.list_(pa.string()))),
        ("place_by", pa.string()),
        ("place_value", pa.string()),
        ("place_journeys", pa.int64()),
        ("place_good", pa.int64()),
        ("place_expected", pa.float64()),
        ("place_elsewhere", pa.int64()),
        ("place_elsewhere_good", pa.int64()),
        ("place_elsewhere_expected", pa.float64()),
        ("examples", pa.list_(pa.string())),
    ]
)


def _rows(
    found: Sequence[tuple[PathLoss, Place | None]],
    delays: dict[tuple[str, ...], float | None],
    examples: dict[tuple[str, ...], list[str]],
) -> list[dict[str, Any]]:
    return [
        {
            "rank": loss.rank,
            "path": loss.path,
            "journeys": loss.journeys,
            "good": loss.good,
            "expected_good": loss.expected_good,
            "lost_outcomes": loss.lost_outcomes,
            "outcomes_corrected": _corrected(loss.lost_outcomes, loss),
            "outcomes_low": loss.outcomes_low,
            "outcomes_high": loss.outcomes_high,
            "value_lost": loss.value,
            "value_corrected": _corrected(loss.value, loss),
            "low": loss.low,
            "high": loss.high,
            "value_compared": loss.value_compared,
            "value_left_out": loss.value_left_out,
            "p": loss.p,
            "delay_removed_h": delays.get(tuple(loss.path)),
            "set_aside": loss.set_aside,
            "rivals": loss.rivals,
            **shown(place),
            "examples": examples.get(tuple(loss.path), []),
        }
        for loss, place in found
    ]


def _corrected(size: float | None, loss: PathLoss) -> float | None:
    return None if size is None or loss.corrected is None else size * loss.corrected


def _write(rows: list[dict[str, Any]], path: Any) -> None:
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(rows, schema=_SCHEMA), path)
