"""Competence of people and AI, and intent × capability × outcome: cases small enough to count by hand."""

from __future__ import annotations

import math
from typing import Any

import pyarrow as pa
import pytest

from miner.events.engine import Engine
from miner.kpis.competence import competence
from miner.kpis.economy import economy
from miner.kpis.intervals import share_interval

_TYPES = {
    "first_actor": pa.string(),
    "intent": pa.string(),
    "is_repeat": pa.bool_(),
    "customer_type": pa.string(),
    "resolved": pa.bool_(),
    "recontact_7d": pa.bool_(),
    "has_human": pa.bool_(),
    "transfers": pa.int64(),
    "escalated": pa.bool_(),
    "bot_handle_s": pa.float64(),
    "human_handle_s": pa.float64(),
    "score": pa.float64(),
}


def contact(actor: str, intent: str, back: bool | None, **more: Any) -> dict[str, Any]:
    """A contact that its first actor settled alone."""
    return {
        **dict.fromkeys(_TYPES),
        "first_actor": actor,
        "intent": intent,
        "is_repeat": False,
        "transfers": 0,
        "customer_type": "unknown",
        "resolved": True,
        "has_human": actor == "human",
        "recontact_7d": back,
        **more,
    }


def compared(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The aspects of some contacts by name."""
    with Engine() as engine:
        table = pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in _TYPES.items()})
        engine.sql.register("conversations", table)
        return {row["aspect"]: row for row in competence(engine)}


def test_easier_work_is_not_better_work() -> None:
    """Bots that get the easy intent look better in total and are worse within each intent."""
    rows = [contact("bot", "easy", n < 12) for n in range(100)] + [contact("bot", "hard", n < 6) for n in range(10)]
    rows += [contact("human", "easy", n < 1) for n in range(20)]
    rows += [contact("human", "hard", n < 40) for n in range(100)]
    told = compared(rows)["recontact"]
    assert told["bots"] == pytest.approx(18 / 110) and told["people"] == pytest.approx(41 / 120)
    weights = 100 * 20 / 120, 10 * 100 / 110
    by_hand = (weights[0] * (0.12 - 0.05) + weights[1] * (0.6 - 0.4)) / sum(weights)
    assert told["difference"] == pytest.approx(by_hand) and told["strata"] == 2 and told["overlap"] == 1.0
    assert told["low"] < told["difference"] < told["high"]


def test_without_overlap_nothing_is_compared() -> None:
    """Bots and people that never had the same intents are not comparable, and no difference is given."""
    rows = [contact("bot", "easy", False) for _ in range(50)] + [contact("human", "hard", True) for _ in range(50)]
    told = compared(rows)["recontact"]
    assert (told["verdict"], told["difference"], told["overlap"]) == ("not comparable", None, 0.0)


def test_a_clear_difference_is_said_and_an_unclear_one_is_not() -> None:
    """The verdict follows the interval and what is better: fewer recontacts, more verified resolution."""
    rows = [contact("bot", "x", n < 80) for n in range(100)] + [contact("human", "x", n < 20) for n in range(100)]
    told = compared(rows)
    assert told["recontact"]["verdict"] == told["verified_resolution"]["verdict"] == "worse"
    rows = [contact("bot", "x", n < 21) for n in range(100)] + [contact("human", "x", n < 20) for n in range(100)]
    assert compared(rows)["recontact"]["verdict"] == "no difference shown"


def test_a_few_without_a_failure_prove_nothing() -> None:
    """Five bots' contacts without a recontact are not shown to be better than nine in ten of people's."""
    rows = [contact("bot", "x", False) for _ in range(5)] + [contact("human", "x", n < 10) for n in range(100)]
    assert compared(rows)["recontact"]["verdict"] == "no difference shown"


def test_machine_customers_are_left_out() -> None:
    """What software asks for does not count for the competence of bots."""
    rows = [contact("bot", "x", True, customer_type="machine") for _ in range(50)]
    rows += [contact("bot", "x", False) for _ in range(10)] + [contact("human", "x", False) for _ in range(10)]
    assert compared(rows)["recontact"]["bots_n"] == 10 and compared(rows)["recontact"]["bots"] == 0.0


def test_an_unknown_outcome_is_neither_a_failure_nor_a_success() -> None:
    """Contacts without a known outcome say nothing about verified resolution, whoever had them."""
    rows = [contact(actor, "x", False, resolved=None) for _ in range(10) for actor in ("human", "bot")]
    told = compared([*rows, contact("human", "x", False), contact("bot", "x", True)])["verified_resolution"]
    assert [told[name] for name in ("people", "people_n", "bots", "bots_n")] == [1.0, 1, 0.0, 1]


def cells(*teams: tuple[str, str, int, int], costs: bool = True) -> list[dict[str, Any]]:
    """The economy of (intent, first team, journeys, of them good) with value 10 and two minutes of delay each."""
    journeys, visits = [], []
    for intent, team, n, good in teams:
        for number in range(n):
            name = f"{intent}-{team}-{number}"
            ended = {"outcome": "ok" if number < good else "no", "is_good": number < good}
            journeys.append({"journey_id": name, "intent": intent, **ended, "value": 10.0})
            visits += [{"journey_id": name, "position": at, "owner": owner} for at, owner in enumerate((team, "Z"))]
    with Engine() as engine:
        engine.sql.register("journeys", pa.Table.from_pylist(journeys))
        engine.sql.register("journey_outcomes", pa.Table.from_pylist(journeys))
        engine.sql.register("visits", pa.Table.from_pylist(visits))
        priced = [
            {"journey_id": j["journey_id"], "delay_cost_s": 60.0, "rework_cost_s": None, "delay_money": 0.5}
            for j in journeys
            for _ in range(2)
        ]
        engine.sql.register("transitions", pa.Table.from_pylist(priced if costs else [{"journey_id": "x"}]))
        return economy(engine)


def test_a_journey_counts_for_the_team_that_had_it_first() -> None:
    """Counts, value and value lost go to the first team, whoever had the journey later."""
    found = cells(("refund", "A", 40, 30), ("refund", "B", 60, 20))
    assert [(c["team"], c["known"], c["good"], c["value"], c["value_lost"]) for c in found] == [
        ("A", 40, 30, 400.0, 100.0),
        ("B", 60, 20, 600.0, 400.0),
    ]


@pytest.mark.parametrize("costs", [True, False])
def test_a_cell_has_the_cost_of_its_journeys(costs: bool) -> None:
    """Fragmentation Cost adds up over the journeys of a cell, and is unknown where none is computed."""
    found = cells(("refund", "A", 40, 30), ("refund", "B", 3, 1), costs=costs)
    expected = [(40 * 120.0, 40.0), (3 * 120.0, 3.0)] if costs else [(None, None)] * 2
    assert [(c["cost_s"], c["money"]) for c in found] == expected


def test_small_cells_give_no_rate_and_no_capability() -> None:
    """Under 30 journeys of known outcome a cell is counted and nothing else is said of it."""
    found = cells(("refund", "A", 29, 29), ("refund", "B", 100, 50))
    assert [(c["team"], c["capable"], c["resolution"], c["shrunk"] is None) for c in found] == [
        ("A", False, None, True),
        ("B", True, 0.5, False),
    ]


def test_shrinking_draws_a_share_towards_that_of_the_intent() -> None:
    """A team that is better keeps most of what it has more; a small one is not shrunk but left out."""
    found = cells(("refund", "A", 200, 180), ("refund", "B", 200, 100), ("refund", "C", 5, 5))
    assert [c["shrunk"] is None for c in found] == [False, False, True] and 0.88 < found[0]["shrunk"] < 0.9


def test_teams_that_differ_by_chance_are_shrunk_to_one() -> None:
    """Where teams differ no more than chance makes them, all have the share of the intent."""
    found = cells(("refund", "A", 50, 25), ("refund", "B", 50, 27), ("refund", "C", 50, 24))
    assert [c["shrunk"] for c in found] == [pytest.approx(76 / 150)] * 3


@pytest.mark.parametrize(
    ("good", "n", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662)]
)
def test_share_intervals_are_those_of_wilson(good: int, n: int, low: float, high: float) -> None:
    """Against published values of the score interval (Newcombe 1998, table I)."""
    found = share_interval(good / n, n)
    assert math.isclose(found[0] or 0.0, low, abs_tol=6e-5) and math.isclose(found[1] or 0.0, high, abs_tol=6e-5)
