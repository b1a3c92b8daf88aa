"""What the miner is given: counts of the directly-follows graph, and a sample of journeys to measure it on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from miner.events.engine import Engine, literal
from miner.workspace import Workspace

Edges = dict[tuple[int, int], int]
_NAME = "coalesce(activity, '(none)')"


@dataclass
class Flow:
    """Counts over activities, which are known by their number in `names` (most frequent first)."""

    names: list[str]
    counts: list[int]
    silos: list[str | None]
    starts: dict[int, int]
    ends: dict[int, int]
    edges: Edges
    journeys: int
    activities_in_log: int
    sampled: int = 0
    variants: dict[tuple[int, ...], int] = field(default_factory=dict)


def read_flow(workspace: Workspace, activities: int, sample: int) -> Flow:
    """The counts of the most frequent activities, recomputed around those left out, and the sample's variants.

    The sample is drawn by a hash of the journey's id, so that it is the same for the same journeys.
    """
    with Engine() as engine:
        events = f"read_parquet({literal(workspace.table_path('events'))})"
        named = engine.rows(f"SELECT {_NAME}, count(*) FROM {events} GROUP BY 1 ORDER BY 2 DESC, 1")
        shown = named[:activities]
        engine.create("shown", {"name": "VARCHAR", "number": "INTEGER"})
        for number, (name, _) in enumerate(shown):
            engine.run("INSERT INTO shown VALUES (?, ?)", [name, number])
        if len(shown) == len(named):
            edges = _saved_edges(engine, workspace)
        else:
            edges = _pairs(engine, events)
        return Flow(
            names=[name for name, _ in shown],
            counts=[count for _, count in shown],
            silos=_silos(engine, events, len(shown)),
            starts=_outer(engine, events, "arg_min"),
            ends=_outer(engine, events, "arg_max"),
            edges=edges,
            journeys=engine.one(f"SELECT count(DISTINCT journey_id) FROM {events}")[0],
            activities_in_log=len(named),
            **_sample(engine, events, sample),
        )


def _saved_edges(engine: Engine, workspace: Workspace) -> Edges:
    rows = engine.rows(
        f"""SELECT a.number, b.number, CAST(sum(d.count) AS BIGINT)
        FROM read_parquet({literal(workspace.table_path("dfg"))}) d
        JOIN shown a ON a.name = coalesce(from_activity, '(none)')
        JOIN shown b ON b.name = coalesce(to_activity, '(none)')
        GROUP BY 1, 2 ORDER BY 1, 2"""
    )
    return {(a, b): n for a, b, n in rows}


def _pairs(engine: Engine, events: str) -> Edges:
    rows = engine.rows(
        f"""WITH followed AS (
          SELECT number, lead(number) OVER (PARTITION BY journey_id ORDER BY seq) AS following
          FROM {events} JOIN shown ON name = {_NAME})
        SELECT number, following, count(*) FROM followed WHERE following IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"""
    )
    return {(a, b): n for a, b, n in rows}


def _outer(engine: Engine, events: str, pick: str) -> dict[int, int]:
    """How many journeys start (arg_min) or end (arg_max) with each activity."""
    rows = engine.rows(
        f"""WITH outer_ones AS (
          SELECT {pick}(number, seq) AS number FROM {events} JOIN shown ON name = {_NAME} GROUP BY journey_id)
        SELECT number, count(*) FROM outer_ones GROUP BY 1 ORDER BY 1"""
    )
    return dict(rows)


def _silos(engine: Engine, events: str, activities: int) -> list[str | None]:
    """The silo where each activity happens most often."""
    rows = engine.rows(
        f"""SELECT number, silo FROM {events} JOIN shown ON name = {_NAME} WHERE silo IS NOT NULL
        GROUP BY 1, 2 QUALIFY row_number() OVER (PARTITION BY number ORDER BY count(*) DESC, silo) = 1"""
    )
    silos: dict[int, str] = dict(rows)
    return [silos.get(number) for number in range(activities)]


def _sample(engine: Engine, events: str, size: int) -> dict[str, Any]:
    rows = engine.rows(
        f"""WITH chosen AS (
          SELECT journey_id FROM (SELECT DISTINCT journey_id FROM {events})
          ORDER BY md5(journey_id), journey_id LIMIT ?)
        SELECT list(number ORDER BY seq) FROM {events} JOIN chosen USING (journey_id) JOIN shown ON name = {_NAME}
        GROUP BY journey_id""",
        [size],
    )
    variants = Counter(tuple(steps) for (steps,) in rows)
    # The most frequent first: should the time run out, they have been measured.
    ordered = sorted(variants.items(), key=lambda item: (-item[1], len(item[0]), item[0]))
    return {"sampled": len(rows), "variants": dict(ordered)}
