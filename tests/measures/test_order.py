"""Order of rows and the owner carried forward."""

from __future__ import annotations

import pytest

from tests.drawings import draw
from tests.measures.adapter import Tables, agreed, column, same


def test_rows_are_ordered_by_start_then_sequence_then_line() -> None:
    """The earlier start comes first; equal starts go by the source's sequence, then by the line."""
    log = draw("A@5 B@1 C@1 D@1")
    for event, sequence in zip(log, (0, 2, 1, 1), strict=True):
        event["sequence"] = sequence
    assert column(agreed(log)["events"], "owner") == ["C", "D", "B", "A"]


def test_rows_of_several_files_go_by_file_before_line() -> None:
    """At equal starts a row of the first file comes before an earlier line of the second."""
    log = draw("A@1 B@1")
    log[0].update(source_no=1, line=1)
    log[1].update(source_no=0, line=9)
    assert column(agreed(log)["events"], "owner") == ["B", "A"]


def test_end_before_start_is_a_point() -> None:
    """An end before its start makes the event a point at its start."""
    log = draw("A B@9")
    log[1]["ended_us"] -= 1
    assert column(agreed(log)["transitions"], "gap_us") == [0, 9 * 60_000_000]


@pytest.mark.parametrize("other", ["customer", "system", "rule", "ivr", "nobody", "supervisor", "unknown"])
def test_events_without_an_owner_keep_the_owner(other: str) -> None:
    """Customers, systems, rules, IVRs and people without a team carry the owner on."""
    events = agreed(draw(f"{other} A {other} B {other}"))["events"]
    assert column(events, "owner") == [None, "A", "A", "B", "B"]
    assert column(events, "owned") == [False, True, False, True, False]
    assert column(events, "position") == [None, 0, 0, 1, 1]


@pytest.mark.parametrize("actor_type", ["customer", "system", "rule", "ivr"])
def test_a_team_on_a_customers_or_rules_event_owns_nothing(actor_type: str) -> None:
    """The team in the record does not become the owner by what a customer, system, rule or IVR does."""
    log = draw("A B A")
    log[1]["actor_type"] = actor_type
    assert column(agreed(log)["events"], "owner") == ["A", "A", "A"]


@pytest.mark.parametrize("nobody", "? Siebel NO_SERVER -1 unassigned EMPTY (empty) MISSING Unknown nil #N/A".split())
def test_pseudo_owners_own_nothing(nobody: str) -> None:
    """Names that stand for nobody do not change the owner."""
    log = draw("A B A")
    log[1]["team"] = nobody
    assert column(agreed(log)["events"], "owner") == ["A", "A", "A"]


def test_a_bot_without_a_team_owns_by_its_name() -> None:
    """A bot is an owner, a queue is not."""
    assert column(agreed(draw("bot:Ada L1 bot:Ada"))["visits"], "owner") == ["Ada", "L1", "Ada"]


def test_the_agent_owns_where_no_event_has_a_team() -> None:
    """Without any team in the log the owner is the agent."""
    log = draw("A A B")
    for event, agent in zip(log, ("Ann", None, "Bob"), strict=True):
        event.update(team=None, agent=agent)
    assert column(agreed(log)["events"], "owner") == ["Ann", "Ann", "Bob"]


def test_generated(generated: tuple[Tables, Tables]) -> None:
    """Order and carried owner of generated logs equal the oracle's."""
    same(generated[1]["events"], generated[0]["events"], "events")
