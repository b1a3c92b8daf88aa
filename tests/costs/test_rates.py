"""Assumption sets: what is wrong with a file, what is packaged, and what they do to money."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from miner.costs import Rates, price, pricing, read_rates
from miner.costs.rates import from_json, load_rates
from miner.errors import InputError, UsageError
from miner.workspace import Workspace
from tests.costs.adapter import workspace
from tests.costs.test_rollups import made_up
from tests.drawings import draw

GOOD = """
name: Our desk
currency: EUR
repeat_contact: contact
values:
  loaded_rate: {low: 30, base: 40, high: 50, unit: EUR/h, source: payroll, year: 2026}
  delay_rate: {value: 2, unit: EUR/h, source: our own estimate, year: 2026}
contact_costs:
  voice: {value: 6, unit: EUR, source: invoices, year: 2026}
ask_again:
  identity: [Who are you, verify]
"""


def written(tmp_path: Path, text: str) -> Path:
    """A rates file."""
    path = tmp_path / "rates.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    """Values have low, base and high; one value is all three; the set survives being saved."""
    rates = load_rates(written(tmp_path, GOOD))
    assert [rates.at("loaded_rate", case) for case in ("low", "base", "high")] == [30, 40, 50]
    assert rates.at("delay_rate", "low") == rates.at("delay_rate", "high") == 2
    assert rates.of("contact_costs") == {"voice": 6} and rates.ask_again == {"identity": ("Who are you", "verify")}
    assert from_json(json.loads(json.dumps(rates.as_json()))) == rates


def test_all_problems_are_said_at_once_with_their_lines(tmp_path: Path) -> None:
    """A file with many mistakes is refused once, with a line for each."""
    text = """name: Desk
currency: EUR
valus: {}
values:
  loaded_rate: {low: 9, base: 4, high: 5, unit: EUR/h, source: payroll, year: 2026}
  delay_rate: {value: -1, unit: EUR/h, source: payroll, year: 2026}
  context_shift: {value: 30, unit: min, source: stopwatch, year: 2026}
  loaded_rat: {value: 1}
actor_rates:
  robot: {value: 1, unit: EUR/h, source: x, year: 2026}
contact_costs:
  voice: {value: 6, unit: EUR}
ask_again: [a]
"""
    with pytest.raises(InputError) as caught:
        load_rates(written(tmp_path, text))
    said = {(problem.line, problem.what.split(":")[0]) for problem in caught.value.problems}
    assert said >= {
        (3, "unknown key 'valus'"),
        (5, "loaded_rate"),
        (6, "delay_rate"),
        (7, "context_shift"),
        (8, "unknown key 'loaded_rat'"),
        (10, "unknown key 'robot'"),
        (12, "voice has no source"),
        (12, "voice has no year"),
        (13, "ask_again"),
    }


@pytest.mark.parametrize("text", ["", "- a\n", "a: [\n", "name: x\n"])
def test_what_is_no_rates_file_is_refused(text: str, tmp_path: Path) -> None:
    """A file that is empty, a list, broken or lacks its currency is an input error."""
    with pytest.raises(InputError):
        load_rates(written(tmp_path, text))


def test_a_key_given_twice_is_refused(tmp_path: Path) -> None:
    """Neither of two values is taken in silence: the file is refused with both lines."""
    twice = "  loaded_rate: {value: 4, unit: EUR/h, source: payroll, year: 2026}\n"
    with pytest.raises(InputError, match=r":5: 'loaded_rate' is given twice, here and in line 4"):
        load_rates(written(tmp_path, f"name: x\ncurrency: EUR\nvalues:\n{twice}{twice}"))


def test_names_stay_as_they_are_written(tmp_path: Path) -> None:
    """Teams that look like numbers or flags keep their names."""
    rate = "{value: 4, unit: EUR/h, source: payroll, year: 2026}"
    text = f"name: x\ncurrency: EUR\nteam_rates:\n  007: {rate}\n  no: {rate}\n  1: {rate}\n  true: {rate}\n"
    assert set(load_rates(written(tmp_path, text)).of("team_rates")) == {"007", "no", "1", "true"}


@pytest.mark.parametrize(
    "text",
    [
        "a0: &a0 [x, x]\n" + "".join(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]\n" for n in range(12)),
        "a: &a {b: *a}\n",
        "a: " + "[" * 50 + "]" * 50,
    ],
    ids=["bomb", "endless", "deep"],
)
def test_a_file_that_unfolds_without_end_is_refused(text: str, tmp_path: Path) -> None:
    """References that multiply, or lead back to themselves, end in an error and not in a full memory."""
    with pytest.raises(InputError, match="holds more than"):
        load_rates(written(tmp_path, text))


NO_NUMBERS = ["9" * 400, "1.0e+30", "-0.01", ".inf", ".nan", "forty", "true", "[1]", "2026-01-01"]


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_what_is_no_sensible_number_is_refused(number: str, tmp_path: Path) -> None:
    """A value is a number from 0 to a billion."""
    text = f"name: x\ncurrency: EUR\nvalues:\n  loaded_rate: {{value: {number}, unit: EUR/h, source: x, year: 2026}}\n"
    with pytest.raises(InputError, match=r":4: loaded_rate: expected numbers from 0"):
        load_rates(written(tmp_path, text))


def test_rates_beyond_counting_are_an_error_with_a_way_out(tmp_path: Path) -> None:
    """Money that no integer holds is a wrong number of the user, not a bug."""
    most = made_up().values["context_shift"]
    values = {"loaded_rate": replace(most, base=1e9), "context_shift": replace(most, base=1e9)}
    events = [{**e, "agent": name} for e, name in zip(draw("L1/1 L1/1"), ("Ann", "Bob"), strict=True)]
    with pytest.raises(UsageError, match="add up to more than can be represented"):
        money_of(workspace(events, tmp_path / "ws"), Rates("x", "EUR", "time", values))


def test_contact_costs_need_a_decision(tmp_path: Path) -> None:
    """With contact costs it must be said whether repeats are priced by contact or by time, never both."""
    with pytest.raises(InputError, match="contact costs are given"):
        load_rates(written(tmp_path, GOOD.replace("repeat_contact: contact", "")))


def test_every_packaged_value_has_a_source() -> None:
    """The packaged set is complete: unit, source and year of every value."""
    rates = read_rates("default")
    assert rates.at("loaded_rate") == 29.33 and rates.at("contact_costs.voice") == 5.25
    assert all(value.source and value.year and value.unit for value in rates.values.values())
    assert rates.at("delay_rate") is None and rates.at("system_boundary") is None


def money_of(made: Workspace, rates: Rates) -> float | None:
    """The total of a workspace in money."""
    with pricing(made, rates) as priced:
        return priced.summary()["money"]


def money(tmp_path: Path, rates: Rates, case: str = "base", *drawings: str) -> dict[str, float]:
    """Money by component of drawn journeys of one customer and intent, by voice."""
    events = [{**e, "customer": "c", "intent": "refund", "channel": "voice"} for e in draw(*drawings)]
    with pricing(workspace(events, tmp_path / "ws"), rates, case) as priced:
        return priced.summary()["components_money"]


def test_a_repeat_contact_costs_its_price_or_its_time(tmp_path: Path) -> None:
    """By contact it is the price once; by time the handling time at the rate; never both."""
    calls = ("L1/30@0 L1/30@30", "L1/30@100 L1/30@130")
    by_contact = Rates("x", "EUR", "contact", made_up().values)
    by_time = Rates("x", "EUR", "time", made_up().values)
    assert money(tmp_path / "a", by_contact, "base", *calls)["repeat_contact"] == 5.25
    assert money(tmp_path / "b", by_time, "base", *calls)["repeat_contact"] == 31.7


def test_what_a_contact_costs_otherwise_comes_off_its_price(tmp_path: Path) -> None:
    """Rework inside a repeat contact is paid by time, and the price of the contact is less by it."""
    calls = ("L1/30@0", "L1/1@100 L3/1@101 L1/6@102")
    found = money(tmp_path, Rates("x", "EUR", "contact", made_up().values), "base", *calls)
    assert found["rework"] == 3.17 and found["repeat_contact"] == 5.25 - 3.17


def test_points_have_a_price_by_contact(tmp_path: Path) -> None:
    """Without end times the hours of a repeat contact are unknown, and its price is not."""
    events = [{**e, "customer": "c", "intent": "refund", "channel": "voice"} for e in draw("L1@0", "L1@9")]
    with pricing(workspace(events, tmp_path / "ws"), made_up()) as priced:
        found = priced.summary()
    assert found["not_computed"]["repeat_contact"] == "no end times"
    assert found["components_money"]["repeat_contact"] == found["money"] == 5.25


def test_low_base_and_high_are_in_order(tmp_path: Path) -> None:
    """The same log costs less with low and more with high assumptions."""
    calls = ("L1/1@0", "L1/30@50 L3/30@100 L1/30@200")
    low, base, high = (
        sum(money(tmp_path / case, made_up(), case, *calls).values()) for case in ("low", "base", "high")
    )
    assert 0 < low < base < high


def test_seconds_without_a_rate_are_unknown_not_free(tmp_path: Path) -> None:
    """A bot without a rate leaves money open, and the summary says for how many hours."""
    rates = Rates("x", "EUR", "time", {"loaded_rate": made_up().values["loaded_rate"]})
    with pricing(workspace(draw("L1/1", "L1/5 bot:Ada/60 L1/5 bot:Ada/60"), tmp_path / "ws"), rates) as priced:
        found = priced.summary()
    assert found["components"]["rework"] == 65 / 60
    assert found["money_not_computed"]["rework"] == "1.00 h of actors without a rate"
    assert found["components_money"]["rework"] == pytest.approx(31.7 * 5 / 60)


def test_the_tornado_ranks_assumptions_by_what_they_move(tmp_path: Path) -> None:
    """Each assumption alone, widest first; its ends are what pricing with it gives."""
    made = workspace(draw("L1/1@0", "L1/30@50 L3/30%crm@100 L1/30@200", "L1/2"), tmp_path / "ws")
    with pricing(made, made_up()) as priced:
        rows = priced.sensitivity()
    swings = [row["money_high"] - row["money_low"] for row in rows]
    assert swings == sorted(swings, reverse=True) and rows[0]["name"] == "loaded_rate"
    with pricing(made, made_up(loaded_rate=31.7 * 1.5)) as priced:
        assert rows[0]["money_high"] == pytest.approx(priced.summary()["money"], abs=1e-5)
    assert next(row for row in rows if row["name"] == "system_boundary")["hours_high"] > rows[0]["hours_high"]


def test_the_span_of_the_total_is_what_low_and_high_give(tmp_path: Path) -> None:
    """What is saved as low and high of the total is what pricing with those assumptions gives, value lost included."""
    made = workspace(draw("L1/1@0", "L1/30@50 L3/30%crm@100 L1/30@200", "L1$12.5/2?solved"), tmp_path / "ws")
    lost = {"journey_id": [made.table("journeys").journey_id[1]], "seq": [1], "value_lost": [12.5]}
    pq.write_table(pa.table(lost), made.table_path("value_lost_journeys"))
    saved = price(made, made_up())
    assert saved["components_money"]["consequence"] == 12.5
    for case in ("low", "high"):
        with pricing(made, made_up(), case) as priced:
            found = priced.summary()
        assert saved[f"money_{case}"] == pytest.approx(found["money"], abs=1e-5)
        assert saved[f"hours_{case}"] == pytest.approx(found["hours"])
    assert saved["money_low"] < saved["money"] < saved["money_high"]
