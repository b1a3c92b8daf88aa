"""Contacts and contact-centre measures, against the brute force and by hand."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from miner.costs import Rates, price
from miner.costs.rates import Value
from miner.events.schema import PEOPLE
from miner.performance import perform
from miner.workspace import Workspace
from tests.drawings import draw
from tests.oracles import ordered
from tests.oracles.contacts import DAYS, contacts
from tests.oracles.cost import handling
from tests.report.made import workspace_of
from tests.strategies import random_log

COMPARED = ("first_actor", "has_human", "has_bot", "queued", "abandoned", "transfers", "escalated", "finished",
            "reopens", "replies", "resolved", "score", "repeats_caused")  # fmt: skip
GOOD = ("Solved", "completed")
HOUR = 3_600_000_000
TYPES = ("queue_enter", "abandoned", "callback_requested", "escalated", "survey_answered", "message", "resolved",
         "reopened", "closed", None, None, None)  # fmt: skip


def contact_log(seed: int, journeys: int = 120) -> list[dict[str, Any]]:
    """A log of few customers and intents over sixty days, some of it in a system that knows no escalations."""
    rng = random.Random(seed)
    log = random_log(seed, journeys)
    moved = {f"j{n}": rng.randrange(60 * 24) * HOUR for n in range(journeys)}
    customers = {f"j{n}": (rng.choice(("c1", "c2", "c3", None)), rng.choice(("refund", "order", None)))
                 for n in range(journeys)}  # fmt: skip
    for event in log:
        by = moved[event["journey_id"]]
        event["customer"], event["intent"] = customers[event["journey_id"]]
        event["event_type"] = rng.choice(TYPES)
        if event["event_type"] == "escalated" and event["source_system"] == "mail":
            event["event_type"] = None
        if event["event_type"] == "survey_answered":
            event["attributes"] = json.dumps({"score": rng.randint(1, 5)})
        event["started_us"], event["ended_us"] = event["started_us"] + by, event["ended_us"] + by
    return log


def made(path: Path, log: list[dict[str, Any]], tiers: dict[str, int] | None = None) -> Workspace:
    """The workspace of a log with its tables of contacts."""
    workspace = workspace_of(path, log)
    perform(workspace, GOOD, tiers=tiers)
    return workspace


@pytest.mark.parametrize(("seed", "tiers"), [(1, None), (2, None), (3, {"L1": 1, "L2": 2, "L3": 3})])
def test_contacts_equal_the_brute_force(tmp_path: Path, seed: int, tiers: dict[str, int] | None) -> None:
    """Every column of every contact is what the definitions give, interaction by interaction."""
    log = contact_log(seed)
    expected = {row["interaction_id"]: row for row in contacts(ordered(log), {word.lower() for word in GOOD}, tiers)}
    found = {row["interaction_id"]: row for row in made(tmp_path / "w", log, tiers).arrow("contacts").to_pylist()}
    assert found.keys() == expected.keys() and len(found) > 50
    for name, row in found.items():
        told = {key: row[key] for key in COMPARED}
        told |= {f"recontact_{days}d": row[f"recontact_{days}d"] for days in DAYS}
        for key in ("answer_wait", "human_handle", "bot_handle"):
            told[f"{key}_us"] = None if row[f"{key}_s"] is None else round(row[f"{key}_s"] * 1e6)
        assert told == {key: expected[name][key] for key in told}, name


def test_measures_are_shares_and_means_of_contacts(tmp_path: Path) -> None:
    """Each measure is a plain count over the contacts, for all and for each channel."""
    workspace = made(tmp_path / "w", contact_log(4))
    rows = workspace.arrow("contacts").to_pylist()
    measures = {(r["measure"], r["by"], r["key"]): r for r in workspace.arrow("contact_measures").to_pylist()}
    assert measures["volume", "all", ""]["value"] == len(rows)
    for channel in {row["channel"] for row in rows}:
        mine = [row for row in rows if row["channel"] == channel]
        assert measures["volume", "channel", channel or "unknown"]["n"] == len(mine)
    queued = [row for row in rows if row["queued"]]
    abandonment = measures["abandonment", "all", ""]
    assert abandonment["n"] == len(queued) > 0
    assert abandonment["value"] == pytest.approx(sum(row["abandoned"] for row in queued) / len(queued))
    waits = [row["answer_wait_s"] for row in rows if row["answer_wait_s"] is not None]
    assert measures["asa", "all", ""]["value"] == pytest.approx(sum(waits) / len(waits))
    bots = [row for row in rows if row["first_actor"] == "bot" and row["customer_type"] != "machine"]
    assert measures["containment", "all", ""]["value"] == pytest.approx(
        sum(not row["has_human"] for row in bots) / len(bots)
    )
    for row in measures.values():
        assert row["low"] is None or row["low"] <= row["value"] + 1e-12 <= row["high"] + 2e-12


def test_an_answer_comes_after_the_queue(tmp_path: Path) -> None:
    """Who had the contact before it was queued did not answer it, and who gave up was not answered."""
    drawings = ("L1@0 ivr@2!queue_enter L2@7", "ivr@0!queue_enter customer@3!abandoned L1@60", "ivr@0!queue_enter L1@4")
    rows = made(tmp_path / "w", draw(*drawings)).arrow("contacts").to_pylist()
    assert [row["answer_wait_s"] for row in rows] == [300, None, 240]


def test_first_contact_resolution_needs_both_to_be_known(tmp_path: Path) -> None:
    """A contact whose outcome, or whose time after it, is unknown says nothing about first-contact resolution."""
    rows = made(tmp_path / "w", contact_log(5)).arrow("contacts").to_pylist()
    measures = Workspace(tmp_path / "w").arrow("contact_measures").to_pylist()
    (fcr,) = (r for r in measures if (r["measure"], r["by"]) == ("fcr_7d", "all"))
    known = [r for r in rows if r["recontact_7d"] is not None and r["resolved"] is not None]
    assert 0 < fcr["n"] == len(known) < len(rows)
    assert fcr["value"] == pytest.approx(sum(r["resolved"] and not r["recontact_7d"] for r in known) / len(known))


def test_tiers_tell_escalations_that_no_system_records(tmp_path: Path) -> None:
    """Up is an escalation, down and across is none, and with a team of no tier on the way it is unknown."""
    drawings = ("A@0 B@5", "B@0 A@5", "A@0 A@5", "A@0 X@5", "A@0 B@5 X@9")
    found = {tiers: made(tmp_path / str(bool(tiers)), draw(*drawings), dict(tiers)).arrow("contacts").to_pylist()
             for tiers in ((), (("A", 1), ("B", 2)))}  # fmt: skip
    assert [[row["escalated"] for row in rows] for rows in found.values()] == [
        [None] * 5, [True, False, False, None, True],
    ]  # fmt: skip


RATES = {"loaded_rate": 36.0, "actor_rates.bot": 3.6, "team_rates.L2": 72.0}


def rates(by: str = "time", **values: float) -> Rates:
    """An assumption set of some values, with one price of a contact."""
    found = {**values, "contact_costs.phone": 5.0}
    return Rates("made", "EUR", by, {name: Value(n, n, n, "EUR/h", "made", 2026) for name, n in found.items()})


def by_hand(log: list[dict[str, Any]], people_only: bool) -> dict[str, float | None]:
    """What each interaction's spans cost at RATES, None where nothing has a price."""
    found: dict[str, float | None] = {}
    for events in ordered(log).values():
        for event, us in zip(events, handling(events), strict=True):
            actor = event["actor_type"] or "unknown"
            rate = 72 if event["team"] == "L2" else 36 if actor in PEOPLE else 3.6 if actor == "bot" else None
            if us and rate is not None and not (people_only and actor == "bot" and event["team"] != "L2"):
                found[event["interaction_id"]] = (found.get(event["interaction_id"]) or 0) + us * rate / 3.6e9
    return found


@pytest.mark.parametrize("bots", [True, False])
def test_a_contact_costs_the_time_of_its_spans(tmp_path: Path, bots: bool) -> None:
    """Each span at the rate of its team or actor, person time; without a rate for bots, only people's spans."""
    log = contact_log(6)
    workspace = workspace_of(tmp_path / "w", log)
    price(workspace, rates(**{name: value for name, value in RATES.items() if bots or name != "actor_rates.bot"}))
    perform(workspace, GOOD)
    rows = workspace.arrow("contacts").to_pylist()
    expected = by_hand(log, people_only=not bots)
    assert sum(row["cost"] is not None for row in rows) > 20
    for row in rows:
        wanted = expected.get(row["interaction_id"])
        assert row["cost"] == (None if wanted is None else pytest.approx(wanted, abs=1e-4)), row
    (told,) = (row for row in workspace.arrow("contact_measures").to_pylist()
               if (row["measure"], row["by"]) == ("cost_per_contact", "all"))  # fmt: skip
    known = [row["cost"] for row in rows if row["handled"] and row["cost"] is not None]
    assert (told["n"], told["unit"]) == (len(known), "money")
    assert told["value"] == pytest.approx(sum(known) / len(known))


def test_by_price_a_contact_costs_its_price_once(tmp_path: Path) -> None:
    """Where contacts are priced, time is not; a channel without a price has no cost."""
    workspace = workspace_of(tmp_path / "w", draw("L1/5&phone L2/9&phone", "L1/5&mail"))
    price(workspace, rates("contact", **RATES))
    perform(workspace, GOOD)
    assert [row["cost"] for row in workspace.arrow("contacts").to_pylist()] == [5.0, None]


def test_without_rates_no_contact_has_a_cost(tmp_path: Path) -> None:
    """Hours only: there are neither costs nor measures of them."""
    workspace = workspace_of(tmp_path / "w", draw("L1/5 L2/9"))
    price(workspace)
    perform(workspace, GOOD)
    assert [(row["cost"], row["cost_complete"]) for row in workspace.arrow("contacts").to_pylist()] == [(None, None)]
    assert not {"cost_per_contact", "bot_return"} & set(workspace.arrow("contact_measures")["measure"].to_pylist())


def test_the_return_of_bots_is_what_people_would_have_cost(tmp_path: Path) -> None:
    """A person costs 6; a contained session saves that less its own cost, one whose customer is back saves nothing."""
    people = [f"L1@{9000 * n}/10" for n in range(30)]
    bots = ["bot:Ada@0/10", "bot:Ada@0/10 L1@10/5", "bot:Ada@0/10"]
    log = draw(*people, *bots, "L1@90/10", "L1@99999")
    for event in log:
        number = int(event["journey_id"][1:])
        event["intent"], event["customer"] = "refund", {34: "c33"}.get(number, f"c{number}")
    workspace = workspace_of(tmp_path / "w", log)
    price(workspace, rates(**RATES))
    perform(workspace, GOOD)
    (told,) = (row for row in workspace.arrow("contact_measures").to_pylist()
               if (row["measure"], row["by"]) == ("bot_return", "all"))  # fmt: skip
    sessions = [6 - 0.6, 6 - 0.6 - 3, 0 - 0.6]
    assert told["n"] == 3 and told["value"] == pytest.approx(sum(sessions) / 3)


def test_value_not_kept_is_that_of_contacts_that_ended_badly(tmp_path: Path) -> None:
    """A good end keeps the value, another one does not, and an unknown one says nothing."""
    made(tmp_path / "w", draw("L1$10?solved", "L1$30?lost", "L1$50", "L1?lost"))
    (told,) = (row for row in Workspace(tmp_path / "w").arrow("contact_measures").to_pylist()
               if (row["measure"], row["by"]) == ("value_missed", "all"))  # fmt: skip
    assert (told["n"], told["value"], told["layer"]) == (2, 15.0, "strategic")
