"""Steps and paths of a workspace by SQL: one pass for the steps, two for each level of detail.

Process map: hidden activities are skipped over, so the directly-follows graph is computed anew
for each level. Team map: a handoff to a hidden team is hidden, for joining across it would
invent handoffs.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from miner.events.engine import Engine
from miner.report.maps.flow import Flow, Kind, Level, Path, Step
from miner.summary import COMPONENTS, TIMED

COLOURS = 8

# walk: one row per event or visit; `fixed` walks never join across what is hidden.
_PROCESS = """
CREATE OR REPLACE TEMP TABLE walked AS
SELECT journey_id, seq AS place, coalesce(activity, '') AS name, silo,
       seq / greatest(1, max(seq) OVER (PARTITION BY journey_id)) AS part,
       epoch_us(started_at) AS started_us, epoch_us(ended_at) AS ended_us
FROM events
"""
# What of the way to an event or a visit waited for us (definitions: own wait); it stays ours where steps are hidden.
_WAITS = {
    "process": "SELECT journey_id, seq AS place, queue_wait_s + handoff_wait_s AS own_s FROM transitions",
    "teams": "SELECT journey_id, position AS place, own_wait_s AS own_s FROM handoffs",
}
_TEAMS = """
CREATE OR REPLACE TEMP TABLE walked AS
SELECT journey_id, position AS place, shown AS name, silo,
       position / greatest(1, max(position) OVER (PARTITION BY journey_id)) AS part,
       epoch_us(arrived_at) AS started_us, epoch_us(left_at) AS ended_us
FROM visits JOIN owners USING (owner)
"""
# What each step of a walk cost: the transition into an event, or all of them from a handoff to the next.
_SPENT = """
CREATE OR REPLACE TEMP TABLE spent AS
SELECT journey_id AS its, {place} AS at, total(list_sum([{hours}])) AS cost_s, total(list_sum([{money}])) AS money
FROM transitions WHERE {place} IS NOT NULL GROUP BY journey_id, {place}
"""
_STEPS = """
CREATE OR REPLACE TEMP TABLE steps AS
WITH timed AS (
  SELECT name, journey_id, part, ended_us - started_us AS inside_us,
         row_number() OVER (PARTITION BY name ORDER BY ended_us - started_us) AS rank,
         count(*) OVER (PARTITION BY name) AS n
  FROM walked
),
counted AS (
  SELECT name, count(*) AS n, count(DISTINCT journey_id) AS journeys, total(part) / count(*) AS place,
         min(CASE WHEN 100 * rank >= 50 * n THEN inside_us END) / 1e6 AS median_s, max(inside_us) > 0 AS has_time
  FROM timed GROUP BY name
),
at_home AS (
  SELECT name, silo, count(*) AS n, row_number() OVER (PARTITION BY name ORDER BY count(*) DESC, silo) AS nth
  FROM walked WHERE silo IS NOT NULL GROUP BY name, silo
)
SELECT CAST(row_number() OVER (ORDER BY c.journeys DESC, c.n DESC, c.name) - 1 AS INTEGER) AS step, c.name, h.silo,
       c.n, c.journeys, c.place, CASE WHEN c.has_time THEN c.median_s END AS median_s
FROM counted c LEFT JOIN at_home h ON h.name = c.name AND h.nth = 1 AND 2 * h.n >= c.n
"""
_WALK = """
CREATE OR REPLACE TEMP TABLE walk AS
SELECT w.journey_id, w.place, s.step,
       max(s.step) OVER (PARTITION BY w.journey_id) AS highest,
       w.place = min(w.place) OVER (PARTITION BY w.journey_id) AS is_start,
       w.place = max(w.place) OVER (PARTITION BY w.journey_id) AS is_end,
       sum(coalesce(c.cost_s, 0)) OVER sofar AS cost_s, sum(coalesce(c.money, 0)) OVER sofar AS money,
       sum(CAST(round(coalesce(o.own_s, 0) * 1e6) AS BIGINT)) OVER sofar AS own_us
FROM walked w JOIN steps s ON s.name = w.name
LEFT JOIN ({waits}) o ON o.journey_id = w.journey_id AND o.place = w.place
LEFT JOIN spent c ON c.its = w.journey_id AND c.at = w.place
WINDOW sofar AS (PARTITION BY w.journey_id ORDER BY w.place)
ORDER BY w.journey_id, w.place
"""
_PAIRS = """
CREATE OR REPLACE TEMP TABLE pairs AS
SELECT journey_id, highest, lag(step) OVER w AS tail, step AS head,
       CASE WHEN {fixed} THEN is_start ELSE lag(step) OVER w IS NULL END AS is_first,
       CASE WHEN {fixed} THEN is_end ELSE lead(step) OVER w IS NULL END AS is_last,
       CASE WHEN {fixed} THEN lag(place) OVER w + 1 = place ELSE true END AS joined,
       cost_s - lag(cost_s) OVER w AS cost_s, money - lag(money) OVER w AS money,
       own_us - lag(own_us) OVER w AS wait_us
FROM walk
WHERE step < ?
WINDOW w AS (PARTITION BY journey_id ORDER BY place)
"""
_PATHS = """
WITH ranked AS (
  SELECT tail, head, journey_id, wait_us, cost_s, money,
         row_number() OVER (PARTITION BY tail, head ORDER BY wait_us, journey_id) AS rank,
         count(*) OVER (PARTITION BY tail, head) AS n
  FROM pairs WHERE tail IS NOT NULL AND joined
)
SELECT tail, head, count(*), count(DISTINCT journey_id), min(CASE WHEN 100 * rank >= 50 * n THEN wait_us END) / 1e6,
       min(CASE WHEN 100 * rank >= 95 * n THEN wait_us END) / 1e6, CAST(sum(wait_us) AS BIGINT) / 1e6,
       arg_min(journey_id, rank) FILTER (100 * rank >= 50 * n), arg_max(journey_id, rank),
       CASE WHEN {cost} THEN total(cost_s) END, CASE WHEN {money} THEN total(money) END
FROM ranked GROUP BY tail, head ORDER BY count(*) DESC, tail, head
"""
_VISIBLE = """
WITH hardest AS (
  SELECT journey_id, max(coalesce(r.place, 0)) AS place
  FROM pairs p LEFT JOIN path_ranks r ON r.tail = p.tail AND r.head = p.head
  WHERE p.highest < ? GROUP BY journey_id
)
SELECT place, count(*) FROM hardest GROUP BY place
"""


def read_flow(engine: Engine, kind: Kind, levels: Iterable[int] | None = None) -> Flow:
    """The flow of the tables of a session (miner.report.tables) at the given numbers of steps.

    Default: a ladder up to 40 steps.
    """
    walked, fixed = (_PROCESS, "false") if kind == "process" else (_TEAMS, "true")
    engine.run(walked)
    engine.run(_STEPS)
    known = _spent(engine, "seq" if kind == "process" else "handoff_position")
    engine.run(_WALK.format(waits=_WAITS[kind]))
    rows = engine.rows("SELECT name, silo, n, journeys, place, median_s FROM steps ORDER BY step")
    steps = tuple(Step(*row) for row in rows)
    (journeys,) = engine.one("SELECT count(DISTINCT journey_id) FROM walk")
    chosen = sorted({min(n, len(steps)) for n in (levels or ladder(len(steps)))})
    return Flow(kind, steps, journeys, tuple(_level(engine, n, fixed, known) for n in chosen if n), _silos(engine))


def _silos(engine: Engine) -> tuple[str, ...]:
    """By name while each can have a colour of its own, else the largest first."""
    sizes = dict(engine.rows("SELECT silo, count(*) FROM visits WHERE silo IS NOT NULL GROUP BY silo"))
    return tuple(sorted(sizes, key=lambda silo: (-sizes[silo] if len(sizes) > COLOURS else 0, silo)))


def ladder(steps: int, most: int = 40) -> list[int]:
    """The numbers of steps between which a reader may choose."""
    rungs = [n for n in (3, 5, 8, 12, 16, 22, 30, 40) if n < min(steps, most)]
    return [*rungs, min(steps, most)]


def _spent(engine: Engine, place: str) -> dict[str, bool]:
    """Make the table `spent`; whether hours and money are known. Nothing is where the workspace was never priced."""
    there = {row[0] for row in engine.rows("SELECT column_name FROM duckdb_columns() WHERE table_name = 'transitions'")}
    hours = [name for name in (f"{part}_cost_s" for part in TIMED) if name in there] or ["CAST(NULL AS DOUBLE)"]
    money = [name for name in (f"{part}_money" for part in COMPONENTS) if name in there] or ["CAST(NULL AS DOUBLE)"]
    engine.run(_SPENT.format(place=place, hours=", ".join(hours), money=", ".join(money)))
    cost, paid = engine.one("SELECT count(cost_s) > 0, coalesce(total(money), 0) > 0 FROM spent")
    return {"cost": cost, "money": paid}


def _level(engine: Engine, steps: int, fixed: str, known: dict[str, bool]) -> Level:
    engine.run(_PAIRS.format(fixed=fixed), [steps])
    counted = [Path(*row) for row in engine.rows(_PATHS.format(**known))]
    paths, backbone = _ranked(counted)
    starts = dict(engine.rows("SELECT head, count(*) FROM pairs WHERE is_first GROUP BY head ORDER BY head"))
    ends = dict(engine.rows("SELECT head, count(*) FROM pairs WHERE is_last GROUP BY head ORDER BY head"))
    return Level(steps, tuple(paths), backbone, starts, ends, _visible(engine, steps, paths))


def _ranked(paths: list[Path]) -> tuple[list[Path], int]:
    """First the strongest way into and out of every step, then the rest, each by count."""
    first: set[tuple[int, int]] = set()
    entered: set[int] = set()
    left: set[int] = set()
    for path in paths:  # by count, so the first seen is the strongest
        if path.tail == path.head:
            continue
        if path.head not in entered or path.tail not in left:
            first.add((path.tail, path.head))
        entered.add(path.head)
        left.add(path.tail)
    ranked = sorted(paths, key=lambda p: (p.tail, p.head) not in first)
    return ranked, len(first)


def _visible(engine: Engine, steps: int, paths: list[Path]) -> tuple[int, ...]:
    columns = {"tail": [p.tail for p in paths], "head": [p.head for p in paths], "place": range(1, len(paths) + 1)}
    engine.create("path_ranks", {"tail": "INTEGER", "head": "INTEGER", "place": "INTEGER"})
    if paths:
        engine.insert_arrow("path_ranks", pa.table({k: pa.array(v, pa.int32()) for k, v in columns.items()}))
    at = dict(engine.rows(_VISIBLE, [steps]))
    visible, total = [], 0
    for place in range(len(paths) + 1):
        total += at.get(place, 0)
        visible.append(total)
    return tuple(visible)
