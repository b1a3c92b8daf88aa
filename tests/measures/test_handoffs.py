"""Handoffs: wait, the customer's share, overlap, what they cross."""

from __future__ import annotations

import pytest

from tests.drawings import MINUTE, draw
from tests.measures.adapter import Tables, agreed, column, same


@pytest.mark.parametrize(
    ("drawing", "pairs"),
    [
        ("system L1 L1", []),
        ("L1 L2", [("L1", "L2")]),
        ("L1 customer L2 nobody L1", [("L1", "L2"), ("L2", "L1")]),
        ("bot:Ada L1", [("Ada", "L1")]),
    ],
)
def test_handoffs_are_consecutive_visits(drawing: str, pairs: list[tuple[str, str]]) -> None:
    """First routing is no handoff, a change of owner is one, bot to human too."""
    assert column(agreed(draw(drawing))["handoffs"], "from_owner", "to_owner") == pairs


@pytest.mark.parametrize(
    ("drawing", "wait", "overlap", "customer"),
    [
        ("L1@0 L2@7", 7, 0, 0),
        ("L1/5@0 L2@7", 2, 0, 0),
        ("L1/10@0 L2@7", 0, 3, 0),
        ("L1@0 L2@0", 0, 0, 0),
        ("L1@0 system@6 L2@7", 7, 0, 0),
        ("L1@0 customer@6 L2@7", 7, 0, 6),
        ("L1@0 customer/2@4 L2@7", 7, 0, 6),
        ("L1@0 customer/9@4 L2@7", 7, 0, 7),
        ("L1@0 customer/3@2 nobody/1@3 L2@7", 7, 0, 4),
        ("L1/10@0 customer/2@4 L2@20", 10, 0, 0),
        ("customer/30@0 L1@5 L2@20", 15, 0, 15),
        ("L1@0 customer@5 system@6 customer@8 L2@9", 9, 0, 8),
        ("L1/9@0 L1@1 L2@12", 3, 0, 0),
    ],
)
def test_waits(drawing: str, wait: int, overlap: int, customer: int) -> None:
    """The wait runs from the previous visit's end to the next arrival; an overlap is kept apart."""
    row = agreed(draw(drawing))["handoffs"][0]
    assert (row["wait_us"], row["overlap_us"], row["customer_wait_us"]) == tuple(
        minutes * MINUTE for minutes in (wait, overlap, customer)
    )


@pytest.mark.parametrize(
    ("drawing", "silo", "system", "channel"),
    [
        ("L1#A%x&chat L2#B%y&voice", True, True, True),
        ("L1#A%x&chat L2#A%x&chat", False, False, False),
        ("L1%x&chat L2#A%x&chat", None, False, False),
        ("L1 L1#A L2 L2#B", True, False, None),
        ("L1%x&chat L1%y&voice L2%y&voice L2%x&chat", None, False, False),
        ("L1%x&chat system%y&voice L2%x&chat", None, False, False),
        ("L1%x&chat L1%x L2%x&chat", None, False, None),
    ],
)
def test_crossings(drawing: str, silo: bool | None, system: bool | None, channel: bool | None) -> None:
    """System and channel compare the last with the first owned event, silos the visits; unknown stays unknown."""
    row = agreed(draw(drawing))["handoffs"][0]
    assert (row["crosses_silo"], row["crosses_system"], row["changes_channel"]) == (silo, system, channel)


def test_generated(generated: tuple[Tables, Tables]) -> None:
    """Handoffs of generated logs equal the oracle's."""
    same(generated[1]["handoffs"], generated[0]["handoffs"], "handoffs")


def test_the_customers_share_is_part_of_the_wait(generated: tuple[Tables, Tables]) -> None:
    """The customer waits at most as long as the handoff, and a handoff never waits and overlaps."""
    for row in generated[1]["handoffs"]:
        assert 0 <= row["customer_wait_us"] <= row["wait_us"]
        assert row["wait_us"] == 0 or row["overlap_us"] == 0
