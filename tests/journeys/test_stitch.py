"""From read events to journeys, owners and links in the engine."""

from __future__ import annotations

import random
from typing import Any

import pytest

from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.journeys import stitch

HOUR = 3_600_000_000
Event = dict[str, Any]


def stitched(
    events: list[Event],
    linked: bool = True,
    interactions: list[Event] | None = None,
    references: list[tuple[str, str, str]] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """What `stitch` makes: journeys by interaction, links, own owners and silos by line, and the owner level."""
    with Engine() as engine:
        sink = Sink(engine)
        sink.begin("log")
        for number, event in enumerate(events, start=1):
            sink.event(**{"line": number, "activity": "x", "actor_type": "unknown", **event})
        for interaction in interactions or []:
            sink.interaction(**interaction)
        for reference in references or []:
            sink.refer(*reference)
        sink.flush()
        level = stitch(engine, linked, **options)
        raw = engine.rows(
            "SELECT interaction_id, journey_id, own_owner, silo, event_type, customer FROM raw ORDER BY line"
        )
        return {
            "level": level,
            "journeys": {str(row[0]): str(row[1]) for row in raw},
            "owners": [row[2] for row in raw],
            "silos": [row[3] for row in raw],
            "types": [row[4] for row in raw],
            "customers": [row[5] for row in raw],
            "links": sorted(engine.rows("SELECT * FROM links")),
        }


def event(interaction: str, hour: float, **more: Any) -> Event:
    """A raw event of an interaction, at an hour."""
    return {"interaction_id": interaction, "started_us": int(hour * HOUR), **more}


def test_in_case_mode_the_case_is_the_journey() -> None:
    """Without linking, one customer's cases stay journeys of their own and there are no links."""
    found = stitched([event("a", 0, customer="ann"), event("b", 1, customer="ann")], linked=False)
    assert found["journeys"] == {"a": "a", "b": "b"} and found["links"] == []


def test_linked_interactions_are_one_journey_with_links() -> None:
    """In linked mode they are joined by customer, and the journey is called after its first interaction."""
    found = stitched([event("b", 1, customer="ann"), event("a", 0, customer="ann")])
    assert found["journeys"] == {"a": "a", "b": "a"}
    assert found["links"] == [("b", "a", "customer", 1.0)]


@pytest.mark.parametrize(("days", "together"), [(7, True), (0.5, False), (0, False)])
def test_the_window_is_given_in_days(days: float, together: bool) -> None:
    """`window` is the longest gap, in days, and may be a fraction."""
    found = stitched([event("a", 0, customer="ann"), event("b", 13, customer="ann")], window_days=days)
    assert (found["journeys"]["b"] == "a") == together


@pytest.mark.parametrize(
    ("names", "joined"), [("zendesk:7", True), ("7", True), ("8", False), ("zendesk:8", False), ("", False)]
)
def test_a_reference_names_an_interaction_with_or_without_its_system(names: str, joined: bool) -> None:
    """`zendesk:7` and a bare `7` that only one system has are found; what is not there joins nothing."""
    found = stitched([event("zendesk:7", 0), event("connect:c", 99)], references=[("connect:c", names, "ticket id")])
    assert (found["links"] == [("connect:c", "zendesk:7", "ticket id", 1.0)]) == joined


def test_a_bare_reference_that_two_systems_could_mean_joins_nothing() -> None:
    """An id that is in two systems is not guessed at."""
    events = [event("zendesk:7", 0), event("intercom:7", 1), event("connect:c", 2)]
    assert stitched(events, references=[("connect:c", "7", "ticket id")])["links"] == []


def test_what_a_source_says_of_an_interaction_counts_for_its_events() -> None:
    """Customer and intent of an interaction fill its events and join it."""
    said = [
        {"interaction_id": "a", "customer": "ann", "intent": "refund"},
        {"interaction_id": "b", "customer": "ann", "intent": "refund"},
    ]
    found = stitched([event("a", 0), event("b", 1)], interactions=said)
    assert found["links"] == [("b", "a", "customer and intent", 1.0)] and found["customers"] == ["ann", "ann"]


@pytest.mark.parametrize(
    ("more", "level", "owner"),
    [
        ({"team": "L1", "agent": "Ann"}, "team", "L1"),
        ({"agent": "Ann"}, "agent", "Ann"),
        ({}, None, None),
        ({"team": "L1", "actor_type": "customer"}, "team", None),
        ({"team": "L1", "actor_type": "rule"}, "team", None),
        ({"team": "L1", "actor_type": "system"}, "team", None),
        ({"team": "L1", "actor_type": "ivr"}, "team", None),
        ({"team": "L1", "actor_type": "bot", "actor": "Robo"}, "team", "L1"),
        ({"team": "Siebel"}, "team", None),
        ({"team": "-1"}, "team", None),
        ({"team": "Unassigned"}, "team", None),
    ],
)
def test_owners_are_teams_else_agents_and_never_pseudo_owners(
    more: Event, level: str | None, owner: str | None
) -> None:
    """Customers, rules, systems, IVRs and names that stand for nobody own nothing."""
    found = stitched([event("a", 0, **more)], linked=False)
    assert (found["level"], found["owners"]) == (level, [owner])


def test_a_bot_without_a_team_owns_by_its_name() -> None:
    """Beside teams a bot is an owner of its own."""
    found = stitched([event("a", 0, team="L1"), event("a", 1, actor_type="bot", actor="Robo")], linked=False)
    assert found["owners"] == ["L1", "Robo"]


def test_declared_silos_go_before_a_column_of_silos() -> None:
    """A team's silo is that of the list; teams that are not in it keep the column's."""
    events = [event("a", 0, team="L1", silo="Old"), event("a", 1, team="L2", silo="Own"), event("a", 2, team="L3")]
    assert stitched(events, linked=False, silos={"L1": "Service"})["silos"] == ["Service", "Own", None]
    assert stitched(events, linked=False)["silos"] == ["Old", "Own", None]


def test_activities_that_are_words_of_the_vocabulary_say_what_the_event_is() -> None:
    """`Status changed` is the event type status_changed; a reader's own type stays."""
    events = [
        event("a", 0, activity="Status changed"),
        event("a", 1, activity="Reopened", event_type="note"),
        event("a", 2, activity="Lunch"),
    ]
    assert stitched(events, linked=False)["types"] == ["status_changed", "note", None]


def test_the_order_of_events_and_interactions_changes_nothing() -> None:
    """Shuffled input gives the same journeys and the same links."""
    dice = random.Random(7)
    events = [
        event(f"i{n % 60}", dice.uniform(0, 2_000), customer=f"c{n % 20}", intent=dice.choice(["refund", None]))
        for n in range(300)
    ]
    references = [(f"i{n}", f"i{dice.randrange(60)}", "ticket id") for n in range(0, 60, 9)]
    for number, one in enumerate(events):
        one["line"] = number
    first = stitched(events, references=references)
    dice.shuffle(events)
    dice.shuffle(references)
    again = stitched(events, references=references)
    assert (again["journeys"], again["links"]) == (first["journeys"], first["links"])
    assert len(set(first["journeys"].values())) > 5
