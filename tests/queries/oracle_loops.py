"""Oracles of queries/loops."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from tests.queries.oracle import Log, Row, Tables, grouped, journeys_in, oracle, rank


def _avoidable(rows: list[Row]) -> int | None:
    judged = [row["avoidable"] for row in rows if row["avoidable"] is not None]
    return sum(judged) if judged else None


@oracle("loops/team_loops", {}, {"min_journeys": 3})
def team_loops(tables: Tables, min_journeys: int = 1) -> list[Row]:
    """Returns by team, first team in between and order."""
    rows = []
    for (team, via, order), group in grouped(Log(tables).loops(), "owner", "via", "order").items():
        if journeys_in(group) >= min_journeys:
            away = [row["away"] for row in group]
            rows.append(
                {
                    "team": team,
                    "via": via,
                    "loop_order": order,
                    "journeys": journeys_in(group),
                    "returns": len(group),
                    "avoidable": _avoidable(group),
                    "away_s_total": sum(away),
                    "away_s_median": rank(away, 50),
                }
            )
    return rows


@oracle("loops/by_order")
def by_order(tables: Tables) -> list[Row]:
    """Returns by order."""
    return [
        {
            "loop_order": order,
            "returns": len(group),
            "journeys": journeys_in(group),
            "avoidable": _avoidable(group),
            "away_s_total": sum(row["away"] for row in group),
        }
        for (order,), group in grouped(Log(tables).loops(), "order").items()
    ]


def _runs(chain: list[Row]) -> list[tuple[int, int]]:
    """Maximal alternating runs of a chain of visits, as first and last position."""
    owners = [v["owner"] for v in chain]
    runs, start = [], 0
    while start + 2 < len(owners):
        end = start + 1
        while end + 1 < len(owners) and owners[end + 1] == owners[end - 1]:
            end += 1
        if end >= start + 2:
            runs.append((start, end))
        start = max(end - 1, start + 1) if end > start + 1 else start + 1
    return runs


@oracle("loops/pingpong", {}, {"min_bounces": 3})
def pingpong(tables: Tables, min_bounces: int = 1) -> list[Row]:
    """Alternating runs between two teams, from the chains of visits alone."""
    pairs: dict[tuple[str, str], list[tuple[str, float, int]]] = {}
    for journey, chain in Log(tables).chains.items():
        for start, end in _runs(chain):
            pair = tuple(sorted((chain[start]["owner"], chain[start + 1]["owner"])))
            for at in range(start + 2, end + 1):
                away = max(0, chain[at]["arrived_ms"] - chain[at - 2]["left_ms"]) / 1000
                pairs.setdefault(pair, []).append((journey, away, int(at == start + 2)))  # type: ignore[arg-type]
    return [
        {
            "team_a": a,
            "team_b": b,
            "journeys": len({j for j, _, _ in bounces}),
            "runs": sum(new for _, _, new in bounces),
            "bounces": len(bounces),
            "away_s_total": sum(away for _, away, _ in bounces),
            "away_s_per_bounce": sum(away for _, away, _ in bounces) / len(bounces),
        }
        for (a, b), bounces in pairs.items()
        if len(bounces) >= min_bounces
    ]


@oracle("loops/loop_waits", {}, {"team": "L1"}, {"team": "L2", "other": "L1"}, {"min_journeys": 4})
def loop_waits(tables: Tables, team: str | None = None, other: str | None = None, min_journeys: int = 1) -> list[Row]:
    """Handoffs inside A-B-A loops, each once, by pair."""
    owns = _owns(tables)
    pairs: dict[tuple[str, str], dict[tuple[str, int], bool]] = {}
    for journey, chain in Log(tables).chains.items():
        for at in range(2, len(chain)):
            if chain[at]["owner"] == chain[at - 2]["owner"]:
                a, b = sorted((chain[at]["owner"], chain[at - 1]["owner"]))
                inside = pairs.setdefault((a, b), {})
                inside.setdefault((journey, at - 1), False)
                inside[journey, at] = True
    rows = []
    for pair, inside in pairs.items():
        wanted = (team is None or team in pair) and (other is None or other in pair)
        journeys = {journey for journey, _ in inside}
        if wanted and len(journeys) >= min_journeys:
            times = [owns[handoff] for handoff in inside]
            rows.append(
                {
                    "team_a": pair[0],
                    "team_b": pair[1],
                    "journeys": len(journeys),
                    "handoffs": len(inside),
                    "bounces": sum(inside.values()),
                    "own_wait_s_total": sum(times),
                    "own_wait_s_median": rank(times, 50),
                }
            )
    return rows


def _owns(tables: Tables) -> dict[tuple[str, int], float]:
    """The own waits of handoffs."""
    return {(h["journey_id"], h["position"]): h["own_wait_s"] for h in tables["handoffs"]}


def _ways(tables: Tables) -> list[dict[str, Any]]:
    loops = [row for row in Log(tables).loops() if row["order"] >= 3]
    row = min(loops, key=lambda r: (r["journey_id"], r["to_position"]))
    chain = Log(tables).chains[row["journey_id"]][row["from_position"] : row["to_position"] + 1]
    return [{}, {"min_order": 2}, {"min_journeys": 2}, {"path": [v["owner"] for v in chain]}]


@oracle("loops/longer_loops", chosen=_ways)
def longer_loops(tables: Tables, min_order: int = 3, min_journeys: int = 1, path: list[str] | None = None) -> list[Row]:
    """Returns of an order by the teams on the way."""
    log, owns = Log(tables), _owns(tables)
    loops = [
        {
            **row,
            "path": tuple(
                v["owner"] for v in log.chains[row["journey_id"]][row["from_position"] : row["to_position"] + 1]
            ),
        }
        for row in log.loops()
        if row["order"] >= min_order
    ]
    assert all(a != b for row in loops for a, b in pairwise(row["path"]))
    return [
        {
            "path": list(way),
            "loop_order": order,
            "journeys": journeys_in(group),
            "returns": len(group),
            "away_s_total": sum(row["away"] for row in group),
            "own_wait_s_total": sum(
                owns[row["journey_id"], at + 1]
                for row in group
                for at in range(row["from_position"], row["to_position"])
            ),
        }
        for (way, order), group in grouped(loops, "path", "order").items()
        if journeys_in(group) >= min_journeys and path in (None, list(way))
    ]


@oracle(
    "loops/journeys_of_loop",
    {"team": "L1"},
    {"team": "L1", "via": "L2"},
    {"team": "L2", "via": "L1", "loop_order": 2},
    {"team": "L2", "loop_order": 3},
    {"team": "nobody knows"},
)
def journeys_of_loop(tables: Tables, team: str, via: str | None = None, loop_order: int | None = None) -> list[Row]:
    """Single returns of a team."""
    return [
        {
            "journey": row["journey_id"],
            "from_position": row["from_position"],
            "to_position": row["to_position"],
            "via": row["via"],
            "loop_order": row["order"],
            "avoidable": row["avoidable"],
            "left_ms": row["first"]["left_ms"],
            "away_s": row["away"],
        }
        for row in Log(tables).loops()
        if row["owner"] == team and via in (None, row["via"]) and loop_order in (None, row["order"])
    ]
