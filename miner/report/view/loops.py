"""Who sends it back to whom? Pairs of teams between which journeys alternate, and the longer ways round."""

from __future__ import annotations

from dataclasses import dataclass

from miner.events.engine import Engine
from miner.report import words
from miner.report.view.base import Column, Table

# A run over the owners A and B from its first visit of A to its last visit; its hours are the own waits of the handoffs
# in it, each counted once.
_PAIRS = """
CREATE OR REPLACE TEMP TABLE loop_runs AS
SELECT p.journey_id, p.first_position, p.last_position, p.bounces, p.owner_a, p.owner_b,
       least(p.owner_a, p.owner_b) AS one, greatest(p.owner_a, p.owner_b) AS other, a.closed_seq,
       w.own_wait_s AS in_loop_s
FROM pingpongs p
JOIN visits a ON a.journey_id = p.journey_id AND a.position = p.first_position
JOIN (
  SELECT p.journey_id, p.first_position, p.owner_a, p.owner_b, total(h.own_wait_s) AS own_wait_s
  FROM pingpongs p
  JOIN handoffs h ON h.journey_id = p.journey_id AND h.position > p.first_position AND h.position <= p.last_position
  GROUP BY ALL
) w ON w.journey_id = p.journey_id AND w.first_position = p.first_position AND w.owner_a = p.owner_a
  AND w.owner_b = p.owner_b
"""
_LOOPS = """
SELECT one, other, count(*) AS runs, count(DISTINCT journey_id) AS journeys, CAST(sum(bounces) AS BIGINT) AS bounces,
       total(in_loop_s) AS total_s, nearest50(in_loop_s) AS median_s, 2 * count(*) FILTER (owner_a = one) >= count(*),
       list(journey_id ORDER BY bounces DESC, journey_id)[1:9]
FROM loop_runs GROUP BY one, other ORDER BY total_s DESC, one, other LIMIT 8
"""
_WAITS = """
SELECT r.one, r.other, h.from_owner, nearest50(h.own_wait_s)
FROM loop_runs r
JOIN handoffs h ON h.journey_id = r.journey_id AND h.position > r.first_position AND h.position <= r.last_position
GROUP BY r.one, r.other, h.from_owner
"""
_TRIGGERS = """
SELECT r.one, r.other, e.activity, count(*) AS n
FROM loop_runs r JOIN events e ON e.journey_id = r.journey_id AND e.seq = r.closed_seq
GROUP BY r.one, r.other, e.activity ORDER BY n DESC, e.activity
"""
_ROUND = """
WITH ways AS (
  SELECT r.journey_id, r.to_position, string_agg(o.shown, ' → ' ORDER BY v.position) AS way,
         total(CASE WHEN v.position > r.from_position THEN h.own_wait_s END) AS waited_s
  FROM returns r
  JOIN visits v ON v.journey_id = r.journey_id AND v.position BETWEEN r.from_position AND r.to_position
  JOIN owners o ON o.owner = v.owner
  LEFT JOIN handoffs h ON h.journey_id = v.journey_id AND h.position = v.position
  WHERE r."order" > 2 GROUP BY r.journey_id, r.to_position
)
SELECT way, count(*), count(DISTINCT journey_id), total(waited_s) FROM ways GROUP BY way
ORDER BY total(waited_s) DESC, count(*) DESC, way LIMIT 8
"""


@dataclass(frozen=True, slots=True)
class Loop:
    """A ⇄ B: `total_s`, `median_s` are own waits of runs, `out_s`, `back_s` medians of A → B and B → A in them."""

    a: str
    b: str
    runs: int
    journeys: int
    bounces: int
    total_s: float
    median_s: float
    out_s: float | None
    back_s: float | None
    trigger: str | None
    trigger_share: float
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loops:
    """The sentence, the loops by hours, and longer ways round."""

    sentence: str
    loops: tuple[Loop, ...]
    table: Table
    round: Table | None


def loops(engine: Engine, shown: dict[str, str], journeys: int) -> Loops:
    """All numbers from the tables pingpongs, returns, visits, handoffs and events."""
    engine.run(_PAIRS)
    waits = {(one, other, source): wait for one, other, source, wait in engine.rows(_WAITS)}
    triggers: dict[tuple[str, str], tuple[str, int]] = {}
    for one, other, activity, n in engine.rows(_TRIGGERS):
        triggers.setdefault((one, other), (activity, n))
    pairs = []
    for one, other, runs, count, bounces, total, median, one_first, examples in engine.rows(_LOOPS):
        a, b = (one, other) if one_first else (other, one)
        trigger, n = triggers.get((one, other), (None, 0))
        pairs.append(
            Loop(
                words.label(shown.get(a, a)),
                words.label(shown.get(b, b)),
                runs,
                count,
                bounces,
                total,
                median,
                waits.get((one, other, a)),
                waits.get((one, other, b)),
                words.cut(words.label(trigger), 60) if trigger else None,
                n / runs,
                tuple(dict.fromkeys(examples))[:3],
            )
        )
    rows = tuple(
        (x.a, x.b, x.journeys, x.runs, x.bounces, x.total_s, x.median_s, x.out_s, x.back_s, x.trigger) for x in pairs
    )
    return Loops(_sentence(engine, pairs, journeys), tuple(pairs), Table("loops", _COLUMNS, rows), _round(engine))


_COLUMNS = (
    Column("Team"),
    Column("and team"),
    Column("Journeys", "count"),
    Column("Runs", "count"),
    Column("Bounces", "count"),
    Column("Waited for us", "hours"),
    Column("Median run", "duration"),
    Column("Median wait there", "duration"),
    Column("Median wait back", "duration"),
    Column("Last step before the first bounce"),
)


def _sentence(engine: Engine, pairs: list[Loop], journeys: int) -> str:
    if not pairs:
        (known,) = engine.one("SELECT count(*) FROM visits")
        return (
            "No journey went back and forth between two teams."
            if known
            else "The log does not name teams, so it shows no loops."
        )
    total, count = engine.one("SELECT total(in_loop_s), count(DISTINCT journey_id) FROM loop_runs")
    top = pairs[0]
    return (
        f"{words.of(count, journeys, 'journeys')} went back and forth between two teams, "
        f"and waited {words.hours(total)} for the next team doing so. "
        f"Most of it is between {words.quoted(top.a)} and {words.quoted(top.b)}: "
        f"{words.plural(top.journeys, 'journey')}, {words.hours(top.total_s)}."
    )


def _round(engine: Engine) -> Table | None:
    rows = engine.rows(_ROUND)
    if not rows:
        return None
    columns = (
        Column("Way round"),
        Column("Times", "count"),
        Column("Journeys", "count"),
        Column("Waited for us", "hours"),
    )
    return Table("ways-round", columns, tuple((words.label(way), *rest) for way, *rest in rows))
