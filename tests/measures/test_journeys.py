"""Journeys: what is known of them as a whole."""

from __future__ import annotations

import pytest

from tests.drawings import MINUTE, START, draw
from tests.measures.adapter import Tables, agreed, column, same


@pytest.mark.parametrize(
    ("drawing", "outcome", "value"),
    [
        ("L1 L2", None, None),
        ("L1?open L2?solved", "solved", None),
        ("L1?solved L2", "solved", None),
        ("L1$5 L2$5 L1", None, 5.0),
        ("L1$5 L2$0", None, 0.0),
        ("L1?late@9 L1?early@1", "late", None),
    ],
)
def test_outcome_and_value_are_the_last_known(drawing: str, outcome: str | None, value: float | None) -> None:
    """The last known counts, never a sum of repeats; zero is known."""
    assert column(agreed(draw(drawing))["journeys"], "outcome", "value") == [(outcome, value)]


def test_a_journey_lasts_to_its_latest_end() -> None:
    """A long first event may end after the last one."""
    row = agreed(draw("L1/30@1 L2@5 customer@9"))["journeys"][0]
    assert (row["started_us"], row["ended_us"]) == (START + MINUTE, START + 31 * MINUTE)
    assert (row["events"], row["handoffs"]) == (3, 1)


def test_generated(generated: tuple[Tables, Tables]) -> None:
    """Journeys of generated logs equal the oracle's."""
    same(generated[1]["journeys"], generated[0]["journeys"], "journeys")
