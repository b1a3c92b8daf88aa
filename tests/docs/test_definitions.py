"""The definitions: each drawing's numbers are those of the real measures."""

from __future__ import annotations

import pytest

from miner.events.schema import NEVER_OWNERS, PSEUDO_OWNERS
from tests.docs.drawn import parts, redrawn, wrong
from tests.docs.pages import DOCS, Block, blocks, tables

PAGE = DOCS / "definitions.md"
DRAWINGS = blocks(PAGE, "drawing")
DAY_US = 86_400_000_000


@pytest.mark.parametrize("block", DRAWINGS, ids=lambda block: f"line {block.line}")
def test_numbers_of_a_drawing(block: Block) -> None:
    """What the page says of a drawing is what the measures make of it."""
    assert parts(block)[2], "a drawing without a number"
    assert not wrong(block)


@pytest.mark.parametrize("block", DRAWINGS, ids=lambda block: f"line {block.line}")
def test_picture_of_a_drawing(block: Block) -> None:
    """The lanes below a drawing are its own (python -m tests.docs.generated draws them anew)."""
    assert redrawn(block) == block.text


def test_journeys_of_the_table() -> None:
    """The interactions of the page's table are linked into the journeys that it shows."""
    from miner.journeys import link

    rows = tables(PAGE, "## Event, interaction, journey")
    names = [row[0] for row in rows]
    days = [int(row[3]) * DAY_US for row in rows]
    columns = {
        "interaction_id": names,
        "started_us": days,
        "ended_us": days,
        "customer": [row[1] or None for row in rows],
        "intent": [row[2] or None for row in rows],
    }
    journeys, _ = link(columns, [(row[0], row[4], "reference") for row in rows if row[4]], 7 * DAY_US)
    made: dict[str, list[str]] = {}
    for name, journey in zip(names, journeys, strict=True):
        made.setdefault(journey, []).append(name)
    (shown,) = blocks(PAGE, "journeys")
    assert [" ─ ".join(names) for names in made.values()] == shown.text.splitlines()


def test_who_never_owns() -> None:
    """The page names every name that stands for nobody and every actor that never owns."""
    text = PAGE.read_text(encoding="utf-8").lower()
    assert all(f"`{name}`" in text for name in PSEUDO_OWNERS)
    assert all(name in text for name in NEVER_OWNERS)


def test_every_word_has_a_drawing() -> None:
    """The words that a summary counts are drawn."""
    said = " ".join(line for block in DRAWINGS for line in parts(block)[2])
    words = (
        "visits",
        "handoffs",
        "returns",
        "hops",
        "loops of order 2",
        "loops of order 3",
        "ping-pong runs",
        "bounces",
        "avoidable",
        "wait of handoffs",
        "overlap of handoffs",
        "customer_wait of handoffs",
        "crosses_silo",
        "crosses_system",
        "changes_channel",
        "work",
        "rework",
        "hold",
        "customer_wait",
        "queue_wait",
        "handoff_wait",
        "elapsed",
        "median",
        "p95",
        "gaps",
        "outcome",
        "value",
        "owners",
    )
    for word in words:
        assert f"{word}" in said, word
