"""docs/graph.md says what the schema and the library say."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.graph import page
from miner.graph.schema import NODES, RELATIONSHIPS, level_of
from miner.graph.schema.parts import KINDS, LEVELS, Node

PAGE = Path(__file__).parents[2] / "docs" / "graph.md"


def test_the_page_is_up_to_date() -> None:
    """Write it anew with: python -m miner.graph.page docs/graph.md"""
    text = PAGE.read_text(encoding="utf-8")
    assert page.renewed(text) == text


def test_the_page_has_all_generated_parts() -> None:
    """No part was lost when the page was edited."""
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"<!-- generated: {name} -->" in text for name in page.BLOCKS)


@pytest.mark.parametrize("part", [*NODES, *RELATIONSHIPS], ids=lambda part: part.name)
def test_a_declaration_is_complete_and_portable(part) -> None:  # type: ignore[no-untyped-def]
    """Every part has a meaning and a level; no property has a name that engines keep for themselves."""
    assert part.meaning.endswith(".")
    assert part.level in LEVELS
    assert not {p.name for p in part.properties} & {"id", "name", "title", "type", "label"}
    assert all(p.kind in KINDS and p.meaning for p in part.properties)
    if not isinstance(part, Node):
        labels = {node.label: node for node in NODES}
        for end in (part.start, part.end):
            assert LEVELS.index(labels[end].level) <= LEVELS.index(part.level)


def test_the_level_of_names_is_the_least_that_holds_them() -> None:
    """What is added up needs the least."""
    assert (level_of({"Team"}), level_of({"Team", "Visit"}), level_of({"Event", "Team"}), level_of(set())) == (
        "teams",
        "visits",
        "events",
        "teams",
    )
