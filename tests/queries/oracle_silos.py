"""Oracles of queries/silos."""

from __future__ import annotations

from typing import Any

from tests.queries.oracle import Log, Row, Tables, counted, oracle, rank

GOOD = ["resolved", "solved", "completed", "closed won"]


def _ways(path: list[str]) -> set[tuple[str, ...]]:
    return {tuple(path[at : at + n]) for n in (2, 3, 4) for at in range(len(path) - n + 1)}


def _taken(log: Log) -> dict[tuple[str, ...], list[str]]:
    taken: dict[tuple[str, ...], list[str]] = {}
    for journey in log.journeys:
        for way in _ways(log.silo_path(journey) or []):
            taken.setdefault(way, []).append(journey)
    return taken


def _share(outcomes: list[str | None], good: list[str]) -> float | None:
    known = [outcome.lower() for outcome in outcomes if outcome is not None]
    return sum(outcome in good for outcome in known) / len(known) if known else None


@oracle(
    "silos/silo_paths",
    {},
    {"min_journeys": 3},
    {"path": ["Sales", "Service"]},
    {"good": ["lost"]},
    {"path": ["Sales", "x"]},
)
def silo_paths(
    tables: Tables, min_journeys: int = 1, good: list[str] = GOOD, path: list[str] | None = None
) -> list[Row]:
    """Runs of silos against journeys of the same intent inside one silo."""
    log = Log(tables)
    inside: dict[Any, list[str]] = {}
    for journey, row in log.journeys.items():
        if len(log.silo_path(journey) or []) == 1:
            inside.setdefault(row["intent"], []).append(journey)
    tested = {tuple(row["path"]): row for row in tables.get("path_times", [])}
    counts = counted(tables)
    share = {intent: _share([counts.get(j) for j in ids], good) for intent, ids in inside.items()}
    rows = []
    for way, ids in _taken(log).items():
        if len(ids) < min_journeys or path not in (None, list(way)):
            continue
        outcomes = {j: counts.get(j) for j in ids}
        intents = {j: log.journeys[j]["intent"] for j in ids}
        compared, extra = _beside(log, ids, inside) if len(ids) >= 30 else (None, None)
        test = tested.get(way, {})
        expected = [share[intents[j]] for j in ids if outcomes[j] is not None and share.get(intents[j]) is not None]
        rows.append(
            {
                "path": list(way),
                "journeys": len(ids),
                "elapsed_s_total": sum(map(log.elapsed, ids)),
                "elapsed_s_median": rank(map(log.elapsed, ids), 50),
                "compared": compared,
                "extra_s_total": extra,
                "extra_corrected_s": test.get("corrected_s"),
                "extra_low_s": test.get("low_s"),
                "extra_high_s": test.get("high_s"),
                "is_longer": test.get("is_longer"),
                "known": sum(o is not None for o in outcomes.values()),
                "good_share": _share(list(outcomes.values()), good),
                "expected_good_share": sum(expected) / len(expected) if expected else None,  # type: ignore[arg-type]
                "own_wait_s_total": sum(_waited(log, j, list(way)) for j in ids),
            }
        )
    return rows


def _with_us(log: Log, journey: str) -> float:
    """Seconds of a journey that are not the customer's."""
    mine = [t for t in log.tables["transitions"] if t["journey_id"] == journey]
    parts = ("work_s", "rework_s", "hold_s", "queue_wait_s", "handoff_wait_s", "off_hours_s")
    return sum(t[part] for t in mine for part in parts)


def _beside(log: Log, ids: list[str], inside: dict[Any, list[str]]) -> tuple[int, float | None]:
    """How many journeys have five of their intent on each side, and their time with us above n × mean inside."""
    compared, extra = 0, 0.0
    for intent in {log.journeys[j]["intent"] for j in ids}:
        mine = [_with_us(log, j) for j in ids if log.journeys[j]["intent"] == intent]
        others = [_with_us(log, j) for j in inside.get(intent, [])]
        if min(len(mine), len(others)) >= 5:
            compared += len(mine)
            extra += sum(mine) - len(mine) * sum(others) / len(others)
    return compared, extra if compared else None


def _waited(log: Log, journey: str, way: list[str]) -> float:
    """What a journey waited, without the customer, before each silo of a way but the first; a handoff counts once."""
    places: list[tuple[str, int]] = []  # its silos, equal neighbours taken together, with the visit that opens each
    for visit in log.chains[journey]:
        if visit["silo"] is not None and (not places or places[-1][0] != visit["silo"]):
            places.append((visit["silo"], visit["position"]))
    n = len(way)
    runs = [places[at : at + n] for at in range(len(places)) if [silo for silo, _ in places[at : at + n]] == way]
    opened = {position for run in runs for _, position in run[1:]}
    handoffs = log.tables["handoffs"]
    mine = [h for h in handoffs if h["journey_id"] == journey and h["position"] in opened]
    return sum(h["own_wait_s"] for h in mine)


@oracle(
    "silos/journeys_of_path",
    {"path": ["Sales", "Service"]},
    {"path": ["Service", "Sales", "Service"]},
    {"path": ["Nowhere"]},
)
def journeys_of_path(tables: Tables, path: list[str]) -> list[Row]:
    """Journeys that went one way through the silos."""
    log = Log(tables)
    return [
        {
            "journey": j,
            "intent": log.journeys[j]["intent"],
            "silo_path": log.silo_path(j),
            "handoffs": log.journeys[j]["handoffs"],
            "elapsed_s": log.elapsed(j),
            "outcome": log.journeys[j]["outcome"],
        }
        for j in _taken(log).get(tuple(path), [])
    ]
