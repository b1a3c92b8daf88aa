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
from miner.events.sink import Sink
from miner.kpis import save_kpis
from miner.outcomes import save_outcomes
from miner.workspace import Workspace
from tests.drawings import draw
from tests.oracles import Rules, ordered
from tests.oracles.contacts import WHOLE, Said, contacts, conversations, shown
from tests.oracles.cost import handling
from tests.report.made import workspace_of
from tests.strategies import random_log

COMPARED = (
    "first_actor",
    "has_human",
    "has_bot",
    "queued",
    "abandoned",
    "transfers",
    "escalated",
    "finished",
    "reopens",
    "replies",
    "score",
    "score_scale",
    "rating",
    "sentiment",
    "tone",
    "region",
    "language",
    *WHOLE,
)
GOOD = ("Solved", "completed")
GOOD_WORDS = {word.lower() for word in GOOD}
HOUR = 3_600_000_000
TYPES = (
    "queue_enter",
    "abandoned",
    "callback_requested",
    "escalated",
    "survey_answered",
    "message",
    "resolved",
    "reopened",
    "closed",
    "handoff",
    None,
    None,
    None,
)


def contact_log(seed: int, journeys: int = 120) -> list[dict[str, Any]]:
    """A log of few customers and intents over sixty days, some of it in a system that knows no escalations."""
    rng = random.Random(seed)
    log = random_log(seed, journeys)
    moved = {f"j{n}": rng.randrange(60 * 24) * HOUR for n in range(journeys)}
    customers = {
        f"j{n}": (rng.choice(("c1", "c2", "c3", None)), rng.choice(("refund", "order", None))) for n in range(journeys)
    }
    for event in log:
        by = moved[event["journey_id"]]
        event["customer"], event["intent"] = customers[event["journey_id"]]
        event["event_type"] = rng.choice(TYPES)
        if event["event_type"] == "escalated" and event["source_system"] == "mail":
            event["event_type"] = None
        if event["event_type"] == "survey_answered":
            scored = {"score": rng.randint(1, 5), "scale": "1-5"}
            event["attributes"] = json.dumps(
                rng.choice((scored, {"score": 7}, {"score": rng.choice(("good", "Bad", "offered"))}))
            )
        elif rng.random() < 0.2:
            words = {
                "sentiment": rng.choice((-0.5, 0.25, "Positive", "negative")),
                "region": rng.choice(("DE", "FR")),
                "language": "de",
            }
            event["attributes"] = json.dumps(dict(rng.sample(sorted(words.items()), 2)))
        event["started_us"], event["ended_us"] = event["started_us"] + by, event["ended_us"] + by
    return log


def made(
    path: Path, log: list[dict[str, Any]], tiers: dict[str, int] | None = None, said: Said | None = None
) -> Workspace:
    """The workspace of a log with its tables of contacts."""
    said = said or Said()

    def say(sink: Sink) -> None:
        for leg, conversation in said.conversations.items():
            sink.refer(leg, conversation, "transfer", same=True)
        for record in said.records:
            sink.interaction(interaction_id=record, kind="record")

    workspace = workspace_of(path, log, say=say)
    sources = [{"file": source, "outcomes": list(words)} for source, words in said.declared.items()]
    workspace.write_json("quality.json", {**workspace.quality, "sources": sources})
    save_outcomes(workspace, GOOD)
    save_kpis(workspace, GOOD, tiers=tiers)
    return workspace


def with_legs(log: list[dict[str, Any]], seed: int) -> Said:
    """Make each journey one system's and some of them legs of a conversation and records, in place."""
    rng = random.Random(seed)
    journeys = sorted({event["journey_id"] for event in log})
    systems = {name: rng.choice(("crm", "phone", "mail", "desk")) for name in journeys}
    for event in log:
        event["source_system"] = systems[event["journey_id"]]
        event["source"] = systems[event["journey_id"]]
        if event["source_system"] == "phone" and event["outcome"]:
            event["outcome"] = "abandoned"  # knows failures only
        if event["source_system"] == "desk" and event["outcome"]:
            event["outcome"] = "solved"  # and successes only, but declares others
        if event["source_system"] == "mail" and event["event_type"] in ("escalated", "resolved", "closed", "abandoned"):
            event["event_type"] = None
    starts = {name: min(e["started_us"] for e in log if e["journey_id"] == name) for name in journeys}
    legs = {}
    for first, second in zip(journeys[0:60:2], journeys[1:60:2], strict=True):
        if systems[first] == systems[second]:
            one, other = sorted((first, second), key=lambda name: (starts[name], name))
            legs[other] = one
    records = frozenset(rng.sample(journeys[60:], 15))
    return Said(legs, records, {"desk": ("resolved", "cancelled"), "phone": ("abandoned",)})


def same_rows(found: list[dict[str, Any]], expected: list[dict[str, Any]], key: str) -> None:
    """Assert that a table has the rows of the brute force, in every column that is compared."""
    rows = {row[key]: row for row in found}
    wanted = {row["name"]: row for row in expected}
    assert rows.keys() == wanted.keys() and len(rows) > 50
    for name, row in rows.items():
        told = {column: row[column] for column in COMPARED}
        for column in ("answer_wait", "human_handle", "bot_handle"):
            told[f"{column}_us"] = None if row[f"{column}_s"] is None else round(row[f"{column}_s"] * 1e6)
        assert told == {column: wanted[name][column] for column in told}, name


@pytest.mark.parametrize(("seed", "tiers"), [(1, None), (2, None), (3, {"L1": 1, "L2": 2, "L3": 3})])
def test_contacts_equal_the_brute_force(tmp_path: Path, seed: int, tiers: dict[str, int] | None) -> None:
    """Every column of every contact is what the definitions give, interaction by interaction."""
    log = contact_log(seed)
    expected = contacts(ordered(log), GOOD_WORDS, tiers)
    same_rows(made(tmp_path / "w", log, tiers).arrow("contacts").to_pylist(), expected, "interaction_id")


@pytest.mark.parametrize("seed", range(11, 15))
def test_conversations_equal_the_brute_force(tmp_path: Path, seed: int) -> None:
    """Legs count as one conversation, records as none, and what concerns the conversation each of its legs says."""
    log = contact_log(seed)
    said = with_legs(log, seed)
    rules = Rules(conversations=tuple(said.conversations.items()), records=tuple(said.records))
    workspace, journeys = made(tmp_path / "w", log, None, said), ordered(log, rules)
    told = conversations(journeys, GOOD_WORDS, None, said)
    same_rows(workspace.arrow("conversations").to_pylist(), told, "conversation_id")
    same_rows(workspace.arrow("contacts").to_pylist(), contacts(journeys, GOOD_WORDS, None, said), "interaction_id")
    table = {row["source_system"]: row["shows"] for row in workspace.arrow("outcomes_shown").to_pylist()}
    assert table == shown(journeys, GOOD_WORDS, said) and table["phone"] == "failures"
    repeats = {row["name"]: row["is_repeat"] for row in contacts(journeys, GOOD_WORDS, None, said)}
    for row in workspace.arrow("interactions").to_pylist():
        told_of = None if row["kind"] == "record" else repeats.get(row["interaction_id"], row["is_repeat"])
        assert row["is_repeat"] == told_of, row["interaction_id"]
    assert len(said.conversations) > 3
    assert not any(row["resolved"] is not None for row in told if row["system"] == "phone")


def test_measures_are_shares_and_means_of_contacts(tmp_path: Path) -> None:
    """Each measure is a plain count over the contacts, for all and for each channel."""
    workspace = made(tmp_path / "w", contact_log(4))
    rows = workspace.arrow("conversations").to_pylist()
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
    """Up is an escalation, down and across is none; with a team of no tier on the way nothing is known."""
    drawings = ("A@0 B@5", "B@0 A@5", "A@0 A@5", "A@0 X@5", "A@0 B@5 X@9")
    found = {
        tiers: made(tmp_path / str(bool(tiers)), draw(*drawings), dict(tiers)).arrow("contacts").to_pylist()
        for tiers in ((), (("A", 1), ("B", 2)))
    }
    assert [[row["escalated"] for row in rows] for rows in found.values()] == [
        [None] * 5,
        [True, False, False, None, None],
    ]


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
    save_outcomes(workspace, GOOD)
    save_kpis(workspace, GOOD)
    rows = workspace.arrow("contacts").to_pylist()
    expected = by_hand(log, people_only=not bots)
    assert sum(row["cost"] is not None for row in rows) > 20
    for row in rows:
        wanted = expected.get(row["interaction_id"])
        assert row["cost"] == (None if wanted is None else pytest.approx(wanted, abs=1e-4)), row
    (told,) = (
        row
        for row in workspace.arrow("contact_measures").to_pylist()
        if (row["measure"], row["by"]) == ("cost_per_contact", "all")
    )
    known = [row["cost"] for row in rows if row["handled"] and row["cost"] is not None]
    assert (told["n"], told["unit"]) == (len(known), "money")
    assert told["value"] == pytest.approx(sum(known) / len(known))


def test_by_price_a_contact_costs_its_price_once(tmp_path: Path) -> None:
    """Where contacts are priced, time is not; a channel without a price has no cost."""
    workspace = workspace_of(tmp_path / "w", draw("L1/5&phone L2/9&phone", "L1/5&mail"))
    price(workspace, rates("contact", **RATES))
    save_outcomes(workspace, GOOD)
    save_kpis(workspace, GOOD)
    assert [row["cost"] for row in workspace.arrow("contacts").to_pylist()] == [5.0, None]


def test_by_price_the_legs_of_a_call_cost_its_price_once(tmp_path: Path) -> None:
    """A call that was transferred is one contact, and has one price."""
    log = draw("L1@0/5&phone", "L2@5/9&phone", "L1@90/5&phone")
    workspace = workspace_of(
        tmp_path / "w", log, say=lambda sink: sink.refer("j2", "j1", "transfer", same=True), linked=True
    )
    price(workspace, rates("contact", **RATES))
    save_outcomes(workspace, GOOD)
    save_kpis(workspace, GOOD)
    costs = {row["conversation_id"]: row["cost"] for row in workspace.arrow("conversations").to_pylist()}
    assert costs == {"j1": 5.0, "j3": 5.0}


def test_without_rates_no_contact_has_a_cost(tmp_path: Path) -> None:
    """Hours only: there are neither costs nor measures of them."""
    workspace = workspace_of(tmp_path / "w", draw("L1/5 L2/9"))
    price(workspace)
    save_outcomes(workspace, GOOD)
    save_kpis(workspace, GOOD)
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
    save_outcomes(workspace, GOOD)
    save_kpis(workspace, GOOD)
    (told,) = (
        row
        for row in workspace.arrow("contact_measures").to_pylist()
        if (row["measure"], row["by"]) == ("bot_return", "all")
    )
    sessions = [6 - 0.6, 6 - 0.6 - 3, 0 - 0.6]
    assert told["n"] == 3 and told["value"] == pytest.approx(sum(sessions) / 3)


def test_value_not_kept_is_that_of_contacts_that_ended_badly(tmp_path: Path) -> None:
    """A good end keeps the value, another one does not, and an unknown one says nothing."""
    made(tmp_path / "w", draw("L1$10?solved", "L1$30?lost", "L1$50", "L1?lost"))
    (told,) = (
        row
        for row in Workspace(tmp_path / "w").arrow("contact_measures").to_pylist()
        if (row["measure"], row["by"]) == ("value_missed", "all")
    )
    assert (told["n"], told["value"], told["layer"]) == (2, 15.0, "strategic")
