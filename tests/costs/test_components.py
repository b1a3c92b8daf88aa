"""The components of the Fragmentation Cost, drawn, generated and against the oracle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.costs.adapter import expected, priced
from tests.drawings import MINUTE, draw
from tests.measures.adapter import same
from tests.strategies import logs, random_log


def costs(tmp_path: Path, *drawings: str, **columns: Any) -> dict[str, list[float]]:
    """The minutes of each component per event of a drawing's last journey, components of nothing left out."""
    events = [{**event, **columns} for event in draw(*drawings)]
    _, found = priced(events, tmp_path / "ws")
    same(found, expected(events), "transitions")
    last = [row for row in found if row["journey_id"] == found[-1]["journey_id"]]
    names = ("delay", "handoff", "rework", "information_gap", "repeat_contact")
    minutes = {name: [(row[name] or 0) / MINUTE for row in last] for name in names}
    return {name: values for name, values in minutes.items() if any(values)}


def test_delay_is_the_handoff_wait_above_the_median_inside_visits(tmp_path: Path) -> None:
    """Waits inside visits are 0, 4 and 6 minutes; a handoff that waits for 10 is 6 too late."""
    assert costs(tmp_path, "L1@0 L1@0 L1@4 L1@10 L2@20") == {"delay": [0, 0, 0, 0, 6]}


def test_delay_of_a_wait_in_pieces_is_that_of_the_whole_wait(tmp_path: Path) -> None:
    """A system's note cuts the wait in two; the median is taken from it once, where the receiver begins."""
    assert costs(tmp_path, "L1@0 L1@1 system@3 L2@10") == {"delay": [0, 0, 0, 8]}


def test_first_routing_and_tails_are_no_reference(tmp_path: Path) -> None:
    """The wait for the first team and the wait for nobody do not move the median."""
    assert costs(tmp_path, "system@0 L1@30 L1@32 L2@42 system@99") == {"delay": [0, 0, 0, 8, 0]}


def test_handoff_is_what_the_receiver_takes_longer_than_a_visit_without_one(tmp_path: Path) -> None:
    """A visit alone takes 5 minutes; the receiver's 3 + 4 minutes are 2 more, those at the end."""
    assert costs(tmp_path, "L1/5", "L1/9@0 L2/3 L2/4") == {"handoff": [0, 0, 2]}


def test_a_return_is_rework_and_no_handoff_cost(tmp_path: Path) -> None:
    """What goes to rework is not counted again as the receiver's."""
    assert costs(tmp_path, "L1/1", "L1/4@0 L2/1@4 L1/6@5") == {"rework": [0, 0, 6]}


def test_asking_again_goes_before_rework(tmp_path: Path) -> None:
    """A second verification is an information gap, in a return visit too; the first is none."""
    assert costs(tmp_path, "L1/1", "L1/2@0=verify L2/3@2=identify L1/4@5=verify") == {
        "information_gap": [0, 3, 4],
    }


def test_another_topic_is_not_asked_again(tmp_path: Path) -> None:
    """Describing after verifying asks for something new."""
    assert costs(tmp_path, "L1/9", "L1/2@0=verify L1/3@2=describe L1/1@5=Verify") == {"information_gap": [0, 0, 1]}


def test_a_repeat_contact_costs_its_handling_time(tmp_path: Path) -> None:
    """The second contact of a customer with the same intent is a repeat; what it hands over is no handoff on top."""
    drawn = costs(tmp_path, "L1/5@0", "L1/6@10 L2/7@20", customer="c1", intent="refund")
    assert drawn == {"repeat_contact": [6, 7]}


def test_two_people_are_two_hours_and_one_person_is_one(tmp_path: Path) -> None:
    """An hour of two agents is counted twice; two spans of one agent at a time once."""
    both = [{**e, "agent": name} for e, name in zip(draw("L1/60@0 L1/60@0"), ("Ann", "Bob"), strict=True)]
    one = [{**e, "agent": "Ann"} for e in draw("L1/60@0 L1/60@30")]
    assert [row["handled"] for row in priced(both, tmp_path / "a")[1]] == [60 * MINUTE, 60 * MINUTE]
    assert [row["handled"] for row in priced(one, tmp_path / "b")[1]] == [60 * MINUTE, 30 * MINUTE]


def test_changes_are_counted_between_owned_events(tmp_path: Path) -> None:
    """System and channel of the events between that nobody owns do not matter."""
    events = draw("L1%crm&chat system%bus&email L1%crm&voice L2%erp&voice")
    found = priced(events, tmp_path / "ws")[1]
    assert [(row["system_changes"], row["context_shifts"]) for row in found] == [(0, 0), (0, 0), (0, 1), (1, 0)]


@pytest.mark.parametrize("kind", [{}, {"points": True}, {"team": None}, {"customer": "c1"}, {"actor_type": "agent"}])
def test_generated(kind: dict[str, Any], tmp_path: Path) -> None:
    """The components of generated logs are the oracle's, microsecond for microsecond."""
    log = random_log(21, 250, **kind)
    same(priced(log, tmp_path / "ws")[1], expected(log), "transitions")


@settings(max_examples=15)
@given(logs(journeys=4, events=6))
def test_any_small_log(tmp_path_factory: pytest.TempPathFactory, log: list[dict[str, Any]]) -> None:
    """The components of any small log are the oracle's."""
    same(priced(log, tmp_path_factory.mktemp("log") / "ws")[1], expected(log), "transitions")


@pytest.mark.parametrize(
    ("drawing", "columns", "component", "reason"),
    [
        ("L1@0 L2@5 L1@9", {}, "handoff", "no end times"),
        ("L1@0 L2@5 L1@9", {}, "rework", "no end times"),
        ("L1@0 L2@5", {"team": None, "agent": None}, "delay", "no team and no agent column"),
        ("L1/5 L2/5", {}, "repeat_contact", "no customer and no intent column"),
        ("L1/5 L2/5", {"customer": "c"}, "repeat_contact", "no intent column"),
        ("L1/5 L2/5", {}, "information_gap", "no activity of the log is declared as asking (ask_again)"),
        ("L1/5 L2/5", {"source_system": None}, "system_boundary", "no system column"),
        ("L1/5 L2/5", {}, "system_boundary", "system_boundary (seconds per change) is not set in the rates"),
        ("L1/5 L2/5", {}, "consequence", "no outcome and no value column"),
        ("L1/5 L2/5?solved", {}, "consequence", "no value column"),
        ("L1/5 L2/5", {"agent": None}, "context_shift", "no channel, intent or agent column"),
    ],
)
def test_what_has_no_input_is_not_computed(
    drawing: str, columns: dict[str, Any], component: str, reason: str, tmp_path: Path
) -> None:
    """A component without its input is null, with what is missing in words."""
    found, table = priced([{**event, **columns} for event in draw(drawing)], tmp_path / "ws")
    assert found["not_computed"][component] == reason
    assert component not in found["components"]
    assert all(row.get(component) is None for row in table)
