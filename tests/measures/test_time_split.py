"""Every second of a journey once: spans, gaps, priority, pieces."""

from __future__ import annotations

import pytest

from tests.drawings import MINUTE, draw
from tests.measures.adapter import Tables, agreed, column, same
from tests.oracles.time_split import NATURAL, PARTS


def split(drawing: str) -> dict[str, float]:
    """The minutes of a drawn journey by part, parts of nothing left out."""
    rows = agreed(draw(drawing))["transitions"]
    sums = {part: sum(row[part] for row in rows) / MINUTE for part in PARTS}
    return {part: minutes for part, minutes in sums.items() if minutes}


@pytest.mark.parametrize(
    ("drawing", "parts"),
    [
        ("L1@0", {}),
        ("L1@0 L1@5", {"queue_wait": 5}),
        ("system@0 L1@5", {"queue_wait": 5}),
        ("L1@0 L2@5", {"handoff_wait": 5}),
        ("L1@0 customer@5", {"customer_wait": 5}),
        ("L1@0 system@5", {"tail": 5}),
        ("system@0 system@5", {"queue_wait": 5}),
        ("customer@0 system@5", {"queue_wait": 5}),
        ("L1@0 customer@5!abandoned", {"queue_wait": 5}),
        ("L1@0 system@5!abandoned", {"queue_wait": 5}),
        ("L1@0 system@3 L2@5", {"handoff_wait": 5}),
        ("L1@0 system@3 customer@5 L2@9", {"customer_wait": 5, "handoff_wait": 4}),
        ("L1@0 L2@5 system@9", {"handoff_wait": 5, "tail": 4}),
        ("L1@0 nobody@3 L1@5", {"queue_wait": 5}),
        ("L1@0 ivr@3 L2@5", {"handoff_wait": 5}),
    ],
)
def test_gaps_are_named_after_what_they_wait_for(drawing: str, parts: dict[str, float]) -> None:
    """A gap belongs to the next event with an owner or of the customer; others are looked through."""
    assert split(drawing) == parts


@pytest.mark.parametrize(
    ("drawing", "parts"),
    [
        ("L1/5", {"work": 5}),
        ("bot:Ada/5", {"work": 5}),
        ("ivr/5", {"work": 5}),
        ("supervisor/5", {"work": 5}),
        ("third_party/5", {"work": 5}),
        ("unknown/5", {"work": 5}),
        ("nobody/5", {"work": 5}),
        ("customer/5", {"customer_wait": 5}),
        ("system/5", {"queue_wait": 5}),
        ("rule/5", {"queue_wait": 5}),
        ("L1/5!hold", {"hold": 5}),
        ("L1/5!hold_start", {"hold": 5}),
        ("L1/5!hold_end", {"work": 5}),
        ("L1/5~2", {"work": 3, "hold": 2}),
        ("L1/5~9", {"hold": 5}),
        ("L1/5!hold~1", {"hold": 5}),
        ("customer/5~2", {"customer_wait": 3, "hold": 2}),
    ],
)
def test_spans_are_named_after_who_acts(drawing: str, parts: dict[str, float]) -> None:
    """Who acts names a span; a hold, and declared hold at its end, comes before."""
    assert split(drawing) == parts


@pytest.mark.parametrize(
    ("drawing", "parts"),
    [
        ("L1/10@0 customer/10@0 system/10@0", {"work": 10}),
        ("customer/10@0 system/20@0", {"customer_wait": 10, "queue_wait": 10}),
        ("L1/10@0 L1/4!hold@3", {"hold": 4, "work": 6}),
        ("L1/10@0~4 customer/20@0", {"work": 6, "hold": 4, "customer_wait": 10}),
        ("L1/2@0 L2/2@2 L1/10@4 nobody/4!message=x@6", {"work": 4, "rework": 10}),
        ("customer/10@0 L1/2@1 L1/2@5 L1@20", {"customer_wait": 6, "work": 4, "queue_wait": 10}),
        ("L1/10@0 L2/10@5 L1@30", {"work": 15, "queue_wait": 0, "handoff_wait": 15}),
    ],
)
def test_a_second_under_several_spans_goes_to_the_first_part(drawing: str, parts: dict[str, float]) -> None:
    """The order of parts is hold, work, rework, customer_wait, queue_wait."""
    assert split(drawing) == {part: minutes for part, minutes in parts.items() if minutes}


@pytest.mark.parametrize(
    ("drawing", "reasons"),
    [
        ("L1/1 L2/1", [None, None]),
        ("L1/1 L2/1 L1/1", [None, None, "return"]),
        ("L1/1 L2/1 L1/1 nobody/1 customer/1 system/1", [None, None, "return", "return", None, None]),
        ("L1/1 system!reopened L1/1 L2/1 L1/1", [None, "reopen", "reopen", "return"]),
        ("L1/1!reopened", [None]),
        ("L1/1=x L2/1=x", [None, "repeat"]),
        ("L1/1=x L1/1=x", [None, None]),
        ("L1=x L2/1=x", ["repeat"]),
        ("L1 customer=x L2/1=x", [None]),
        ("L1 system=x L2/1=x", [None]),
        ("L1 nobody=x L2/1=x", [None]),
        ("customer=x L1 L2/1=x", [None]),
        ("customer=x L1/1=x", [None]),
        ("L1/1=x L2/1=x!message", [None, None]),
        ("L1/1=x!message L2/1=x", [None, "repeat"]),
        ("L1 system!reopened L2/1=x L1/1=x", ["reopen", "return"]),
        ("L1@0 L2@1=x L2/1@1=x", [None]),
        ("L1/1=x L2 nobody/1=x", [None, "repeat"]),
    ],
)
def test_rework_and_its_reason(drawing: str, reasons: list[str | None]) -> None:
    """Rework is a return, else after a reopen, else a repeat of what an earlier visit did."""
    assert column(agreed(draw(drawing))["spans"], "reason") == reasons


@pytest.mark.parametrize("event_type", NATURAL)
def test_natural_repeats_are_no_rework(event_type: str) -> None:
    """Messages, notes and call legs repeat by nature."""
    assert "rework" not in split(f"L1/1=x L2/1=x!{event_type}")


def test_pieces_run_from_the_latest_end_to_the_own_end() -> None:
    """A nested event has an empty piece; what it is stays visible in the piece of the longer one."""
    rows = agreed(draw("L1/10@0 L1/2!hold@4 L1/5@8 L1@20"))["transitions"]
    assert [sum(row[part] for part in PARTS) // MINUTE for row in rows] == [10, 0, 3, 7]
    assert column(rows, "gap_us") == [0, 0, 0, 7 * MINUTE]
    assert rows[0]["hold"] == 2 * MINUTE


def test_activities_of_a_transition() -> None:
    """The first row has no activity before it."""
    rows = agreed(draw("L1=a L2=b"))["transitions"]
    assert column(rows, "from_activity", "to_activity") == [(None, "a"), ("a", "b")]


def test_generated(generated: tuple[Tables, Tables]) -> None:
    """Spans with reasons and the parts of every transition of generated logs equal the oracle's."""
    for name in ("spans", "transitions"):
        same(generated[1][name], generated[0][name], name)


def test_parts_add_up_to_the_elapsed_time(generated: tuple[Tables, Tables]) -> None:
    """In every journey the parts of all transitions add up to its elapsed time, to the microsecond."""
    sums: dict[str, int] = {}
    for row in generated[1]["transitions"]:
        sums[row["journey_id"]] = sums.get(row["journey_id"], 0) + sum(row[part] for part in PARTS)
    assert sums == {row["journey_id"]: row["ended_us"] - row["started_us"] for row in generated[1]["journeys"]}
