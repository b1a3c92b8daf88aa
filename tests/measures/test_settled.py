"""Tail and between: what is nobody's wait, after a matter is settled and between contacts."""

from __future__ import annotations

import random

import pytest

from tests.drawings import MINUTE, draw
from tests.measures.adapter import agreed, column
from tests.oracles import Event, Rules
from tests.oracles.time_split import PARTS
from tests.strategies import random_log


def split(events: list[Event], rules: Rules) -> dict[str, float]:
    """The minutes of a log by part, parts of nothing left out."""
    rows = agreed(events, rules)["transitions"]
    sums = {part: sum(row[part] for row in rows) / MINUTE for part in PARTS}
    return {part: minutes for part, minutes in sums.items() if minutes}


@pytest.mark.parametrize(
    ("drawing", "parts"),
    [
        ("L1@0 L1@5!resolved system@9!closed", {"queue_wait": 5, "tail": 4}),
        ("L1@0 L1@5!resolved L1@9!closed", {"queue_wait": 5, "tail": 4}),
        ("L1@0 L1@5!resolved L2@9!closed", {"queue_wait": 5, "tail": 4}),
        ("L1@0 L1@5!resolved L1@9!closed?solved", {"queue_wait": 5, "tail": 4}),
        ("L1@0 L1@5?solved L1@9=Closed", {"queue_wait": 5, "tail": 4}),
        ("L1@0 L1@5?lost L1@9=Closed", {"queue_wait": 9}),
        ("L1@0 L1@5=Fixed L1@9=Closed", {"queue_wait": 5, "tail": 4}),
        ("L1@0 L1@5=Other L1@9=Closed", {"queue_wait": 9}),
        ("L1@0 L1@5!resolved customer@7!survey_answered system@9", {"queue_wait": 5, "tail": 4}),
        ("L1@0 L1@5!resolved customer@7!message L1@9", {"queue_wait": 7, "customer_wait": 2}),
        ("L1@0 L1@5!resolved L1@7!note system@9", {"queue_wait": 7, "tail": 2}),
        ("L1@0 L1@5!resolved system@7!reopened L1@9", {"queue_wait": 9}),
        (
            "L1@0 L1@5!resolved customer@7!message L1@9!resolved L1@12!closed",
            {"queue_wait": 7, "customer_wait": 2, "tail": 3},
        ),
    ],
)
def test_what_follows_a_settled_matter_is_tail(drawing: str, parts: dict[str, float]) -> None:
    """Until somebody asks again or works on it; a closing and a survey are neither."""
    assert split(draw(drawing), Rules(ends=("fixed",))) == parts


def test_a_plain_log_has_no_tail_without_a_declaration() -> None:
    """A word of a log, `Resolved`, settles nothing; named with --ends it does, and visits and handoffs stay."""
    events = [{**event, "event_type": None} for event in draw("L1@0 L1@5=Resolved L2@9=Closed")]
    assert split(events, Rules()) == {"queue_wait": 5, "handoff_wait": 4}
    assert split(events, Rules(ends=("Resolved",))) == {"queue_wait": 5, "tail": 4}
    assert agreed(events, Rules(ends=("Resolved",)))["handoffs"] != []


def test_a_log_without_owners_keeps_its_waits() -> None:
    """Where nobody is known to own anything, nothing is said to be nobody's wait."""
    assert split(draw("system@0 rule@5 system@9"), Rules()) == {"queue_wait": 9}


def contacts(*drawings: str) -> list[Event]:
    """Drawings as interactions j1, j2, … of one journey j1; `@` counts from the journey's begin in all of them."""
    events = draw(*drawings)
    return [{**event, "journey_id": "j1"} for event in events]


LINKED = Rules(linked=True)


@pytest.mark.parametrize(
    ("drawings", "rules", "parts"),
    [
        (("L1/2@0", "L1/2@10"), LINKED, {"work": 4, "between": 8}),
        (("L1/2@0", "customer@10 L1/2@12"), LINKED, {"work": 4, "between": 8, "queue_wait": 2}),
        (("L1/2@0 L1/2@15", "customer@10 L1/2@20"), LINKED, {"work": 6, "customer_wait": 8, "queue_wait": 8}),
        (("L1/2@0 L1/2@15", "customer@10 L1/2@20"), Rules(), {"work": 6, "customer_wait": 8, "queue_wait": 8}),
        (("L1/2@0", "L1/2@10!started"), LINKED, {"work": 4, "queue_wait": 8}),
        (("L1/2@0", "L2/2@10&callback"), LINKED, {"work": 4, "handoff_wait": 8}),
        (("L1/2@0", "customer@10!started L1/2@10"), LINKED, {"work": 4, "between": 8}),
        (("L1/2@0", "L1/2@10"), Rules(linked=True, references=(("j2", "j1"),)), {"work": 4, "queue_wait": 8}),
        (("L1/2@0!resolved", "L1/2@10"), Rules(linked=True, references=(("j2", "j1"),)), {"work": 4, "between": 8}),
        (("L1/2@0", "L1@10 L1@20"), Rules(linked=True, records=("j2",)), {"work": 2, "between": 18}),
        (("L1/2@0 L1@30", "L1@10 L1@20"), Rules(linked=True, records=("j2",)), {"work": 2, "queue_wait": 28}),
        (("L1/2@0", "L1@10 L1@20"), Rules(linked=True, records=("j1", "j2")), {"work": 2, "between": 18}),
        (("L1/2@0!resolved system@5!closed", "L1/2@10"), LINKED, {"work": 4, "tail": 3, "between": 5}),
        (("L1/2@0", "L1/2@10"), Rules(linked=True, conversations=(("j2", "j1"),)), {"work": 4, "queue_wait": 8}),
    ],
)
def test_time_between_contacts_is_nobodys_wait(
    drawings: tuple[str, ...], rules: Rules, parts: dict[str, float]
) -> None:
    """Outside the contact times of a linked journey, except before a contact that we owe the customer."""
    assert split(contacts(*drawings), rules) == parts


def test_the_parts_of_a_handoffs_wait_stand_beside_it() -> None:
    """Its own wait, the customer's share and the time between add up to it where no span lies in it."""
    log = contacts("L1@0", "customer@10 L2@12 customer@20 L3@25")
    rows = agreed(log, LINKED)["handoffs"]
    names = ("wait_us", "own_wait_us", "customer_wait_us", "between_us", "happened_us")
    start = log[0]["started_us"]
    assert [tuple((us - start * (n == 4)) // MINUTE for n, us in enumerate(row)) for row in column(rows, *names)] == [
        (12, 2, 0, 10, 12),
        (13, 5, 8, 0, 25),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_generated_linked_logs(seed: int) -> None:
    """Journeys of several contacts and records with references, settled or not, equal the oracle's."""
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    log = random_log(seed, 120)
    late = 20 * MINUTE
    for number, event in enumerate(log):
        if dice.random() < 0.5:
            first = f"j{int(event['journey_id'][1:]) // 3 * 3}"
            log[number] = {
                **event,
                "journey_id": first,
                "started_us": event["started_us"] + late,
                "ended_us": event["ended_us"] + late,
            }
    journeys = {event["interaction_id"]: event["journey_id"] for event in log}
    log = [{**event, "journey_id": journeys[event["interaction_id"]]} for event in log]
    there = sorted(journeys)
    log = [event for event in log if event["journey_id"] in there]
    together = [(a, b) for a in there for b in there if a < b and journeys[a] == journeys[b]]
    rules = Rules(
        linked=True,
        ends=("close;it",),
        records=tuple(name for name in there if dice.random() < 0.2),
        references=tuple(dice.sample(together, len(together) // 3)),
    )
    found = agreed(log, rules)
    assert {part for part in PARTS if any(row[part] for row in found["transitions"])} >= {"between", "tail"}
