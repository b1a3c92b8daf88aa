"""Which interactions belong together, against the definition in plain loops."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miner.journeys import Link, link

HOUR = 3_600_000_000
WINDOW = 24 * HOUR
Interaction = tuple[str, float, float, str | None, str | None]  # id, start and end in hours, customer, intent
Reference = tuple[str, str, str]


def table(interactions: list[Interaction]) -> dict[str, list[Any]]:
    """Interactions as the columns that `link` takes."""
    rows = sorted(
        ((i, int(s * HOUR), int(e * HOUR), c, n) for i, s, e, c, n in interactions), key=lambda row: (row[1], row[0])
    )
    names = ("interaction_id", "started_us", "ended_us", "customer", "intent")
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}


def linked(
    interactions: list[Interaction], references: list[Reference] | None = None
) -> tuple[dict[str, str], list[Link]]:
    """The journey of each interaction by its id, and the links."""
    columns = table(interactions)
    journeys, links = link(columns, references or [], WINDOW)
    return dict(zip(columns["interaction_id"], journeys, strict=True)), links


def brute_force(interactions: list[Interaction], references: list[Reference]) -> dict[str, str]:
    """The definition, slowly.

    Join by reference until nothing changes; then each group, in order of its start, joins the journey
    of any of its customers with the same or unknown intent that ended at most a window before: the same
    intent first, then the latest end, then the earliest beginning.
    """
    columns = table(interactions)
    order = columns["interaction_id"]
    rows = {name: {key: columns[key][at] for key in columns} for at, name in enumerate(order)}
    sets = [{name} for name in order]
    for one, other, _ in references:
        a, b = (next(s for s in sets if name in s) for name in (one, other))
        if a is not b:
            sets.remove(b)
            a |= b
    journeys: list[dict[str, Any]] = []
    for group in sorted(sets, key=lambda s: min(order.index(n) for n in s)):
        members = sorted(group, key=order.index)
        made = {
            "members": set(members),
            "first": order.index(members[0]),
            "start": rows[members[0]]["started_us"],
            "end": max(rows[m]["ended_us"] for m in members),
            "customers": {rows[m]["customer"] for m in members} - {None},
            "intent": next((rows[m]["intent"] for m in members if rows[m]["intent"] is not None), None),
        }
        fitting = [
            j
            for j in journeys
            if j["customers"] & made["customers"]
            and made["start"] - j["end"] <= WINDOW
            and (None in (j["intent"], made["intent"]) or j["intent"] == made["intent"])
        ]
        if fitting:
            best = max(fitting, key=lambda j: (j["intent"] == made["intent"], j["end"], -j["first"]))
            best["members"] |= made["members"]
            best["customers"] |= made["customers"]
            best["end"] = max(best["end"], made["end"])
            best["intent"] = best["intent"] if best["intent"] is not None else made["intent"]
        else:
            journeys.append(made)
    return {member: order[j["first"]] for j in journeys for member in j["members"]}


def test_a_reference_joins_whatever_customer_and_time_say() -> None:
    """A call that names a ticket belongs to it, with the basis of the reference and probability 1."""
    journeys, links = linked([("t", 0, 1, "ann", "refund"), ("c", 900, 901, None, "other")], [("c", "t", "ticket id")])
    assert journeys == {"t": "t", "c": "t"}
    assert links == [Link("c", "t", "ticket id", 1.0)]


def test_customer_and_intent_join_within_the_window() -> None:
    """The gap counts from the latest end so far; exactly the window is inside, a microsecond more is not."""
    journeys, links = linked(
        [("a", 0, 2, "ann", "refund"), ("b", 26, 27, "ann", "refund"), ("c", 51.0001, 52, "ann", "refund")]
    )
    assert journeys == {"a": "a", "b": "a", "c": "c"}
    assert links == [Link("b", "a", "customer and intent", 1.0)]


@pytest.mark.parametrize(
    ("first", "then", "basis"),
    [
        ("refund", "refund", "customer and intent"),
        ("refund", None, "customer"),
        (None, "refund", "customer"),
        (None, None, "customer"),
        ("refund", "order", None),
    ],
)
def test_an_unknown_intent_fits_any_and_another_one_does_not(
    first: str | None, then: str | None, basis: str | None
) -> None:
    """Same or unknown intents join; the basis says which it was."""
    journeys, links = linked([("a", 0, 1, "ann", first), ("b", 2, 3, "ann", then)])
    assert journeys["b"] == ("a" if basis else "b")
    assert [found.basis for found in links] == ([basis] if basis else [])


def test_a_known_intent_that_joins_an_unknown_one_names_the_journey() -> None:
    """Once an intent is known, another known one no longer fits the journey."""
    journeys, _ = linked([("a", 0, 1, "ann", None), ("b", 2, 3, "ann", "refund"), ("c", 4, 5, "ann", "order")])
    assert journeys == {"a": "a", "b": "a", "c": "c"}


def test_the_same_intent_goes_before_a_later_journey() -> None:
    """Of several open journeys the one with the same intent is chosen, then the one that ended last."""
    journeys, _ = linked(
        [
            ("a", 0, 1, "ann", "refund"),
            ("b", 2, 9, "ann", "order"),
            ("c", 10, 11, "ann", "refund"),
            ("d", 12, 13, "ann", None),
        ]
    )
    assert journeys == {"a": "a", "b": "b", "c": "a", "d": "a"}


def test_nobody_is_joined_by_no_customer() -> None:
    """Interactions without a customer stay alone."""
    journeys, links = linked([("a", 0, 1, None, "refund"), ("b", 2, 3, None, "refund")])
    assert journeys == {"a": "a", "b": "b"} and not links


def test_a_reference_unites_the_customers_of_both() -> None:
    """A later contact of either customer finds the journey that a reference made of two."""
    journeys, _ = linked(
        [("a", 0, 1, "ann", None), ("b", 2, 3, "bo", None), ("c", 4, 5, "ann", None), ("d", 6, 7, "bo", None)],
        [("b", "a", "ticket id")],
    )
    assert set(journeys.values()) == {"a"}


def test_a_contact_that_begins_before_the_other_ended_belongs_to_it() -> None:
    """Overlapping interactions of one customer are one journey."""
    assert set(
        linked([("a", 0, 100, "ann", "x"), ("b", 1, 2, "ann", "x"), ("c", 120, 121, "ann", "x")])[0].values()
    ) == {"a"}


names = st.integers(0, 14).map(lambda n: f"i{n:02}")
some_interactions = st.lists(
    st.tuples(
        names,
        st.integers(0, 120),
        st.integers(0, 40),
        st.sampled_from(["ann", "bo", "cy", None]),
        st.sampled_from(["refund", "order", None]),
    ),
    min_size=1,
    max_size=15,
    unique_by=lambda row: row[0],
).map(lambda rows: [(i, s, s + d, c, n) for i, s, d, c, n in rows])


@settings(max_examples=300)
@given(interactions=some_interactions, data=st.data())
def test_journeys_are_those_of_the_definition(interactions: list[Interaction], data: st.DataObject) -> None:
    """On any interactions and references the journeys equal the brute force, and the links hold them together."""
    ids = [row[0] for row in interactions]
    references = data.draw(
        st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids), st.just("ticket id")), max_size=5)
    )
    journeys, links = linked(interactions, references)
    assert journeys == brute_force(interactions, references)
    assert journeys.keys() == set(ids)
    joined = {name: {name} for name in ids}
    for found in links:
        assert found.probability == 1.0 and found.basis in ("ticket id", "customer", "customer and intent")
        union = joined[found.from_interaction] | joined[found.to_interaction]
        for name in union:
            joined[name] = union
    assert {frozenset(s) for s in joined.values()} == {
        frozenset(n for n in ids if journeys[n] == j) for j in journeys.values()
    }
    assert len(links) == len(ids) - len(set(journeys.values()))


@settings(max_examples=100)
@given(interactions=some_interactions, seed=st.integers(0, 999))
def test_the_order_of_references_changes_nothing(interactions: list[Interaction], seed: int) -> None:
    """References in any order, given once or twice, in either direction, give the same journeys."""
    dice = random.Random(seed)
    ids = [row[0] for row in interactions]
    references = [(dice.choice(ids), dice.choice(ids), "ticket id") for _ in range(4)]
    turned = [(b, a, basis) for a, b, basis in references]
    dice.shuffle(turned)
    assert linked(interactions, references)[0] == linked(interactions, turned + references)[0]


@pytest.mark.parametrize(
    ("count", "customers", "spread"), [(50_000, 1, 0.001), (50_000, 1, 30), (200_000, 40_000, 0.01), (50_000, 3, 0.0)]
)
def test_many_interactions_take_time_in_proportion(count: int, customers: int, spread: float) -> None:
    """One customer with 50,000 interactions, of one intent or of many, is no more work than 50,000 customers."""
    columns = table(
        [
            (f"i{n:06}", n * spread, n * spread + 0.5, f"c{n % customers}", f"intent {n}" if n % 2 else "same")
            for n in range(count)
        ]
    )
    began = time.process_time()
    journeys, links = link(columns, [], WINDOW)
    assert time.process_time() - began < 20
    assert len(links) == count - len(set(journeys))
