"""The declaration of the graph is checked when it is read."""

from __future__ import annotations

import pytest

from miner.graph.schema import PARTS, Node, Relationship
from miner.graph.schema.declarations import parse

TEAM = "(:Team) | teams | owner | visits\nAn owner.\nvisits | integer | its visits"


def test_a_declaration_is_read() -> None:
    """The pattern, where its rows come from, what it means, and its properties with their SQL."""
    team, between = parse(
        f"{TEAM}\nwait_s | float | its waits | total(wait_s)\n\n# a remark\n"
        "(:Team)-[:MEETS]->(:Team) | visits, on request | a -> b | pairs\nTwo that meet.\nproperties of (:Team)\n"
    )
    assert isinstance(team, Node) and isinstance(between, Relationship)
    assert (team.label, team.level, team.id, team.source, team.meaning) == (
        "Team",
        "teams",
        "owner",
        "visits",
        "An owner.",
    )
    assert [(p.name, p.kind, p.sql) for p in team.properties] == [
        ("visits", "integer", "visits"),
        ("wait_s", "float", "total(wait_s)"),
    ]
    assert (between.type, between.start_id, between.end_id, between.optional) == ("MEETS", "a", "b", True)
    assert between.properties == team.properties


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("(:Team) | teams | owner | visits", "at least two lines"),
        ("(:Team) | weeks | owner | visits\nAn owner.", "level of detail"),
        ("(Team) | teams | owner | visits\nAn owner.", "level of detail"),
        ("(:Team) | teams | visits\nAn owner.", "4 fields"),
        (f"{TEAM}\nsize | number | how large", "no kind 'number'"),
        (f"{TEAM}\nsize | integer", "3 or 4 fields"),
        (f"{TEAM}\nvisits | float | its visits", "a property is declared twice"),
        (f"{TEAM}\n\n{TEAM}", "line 5: Team is declared twice"),
        (f"{TEAM}\n\n(:Team)-[:IN]->(:Silo) | teams | a -> b | visits\nWhere it is.", "an end of"),
        ("(:Team) | teams | owner | visits\nAn owner.\nproperties of (:Silo)", "not declared before"),
    ],
)
def test_a_wrong_declaration_is_refused(text: str, what: str) -> None:
    """The message says what is wrong and where."""
    with pytest.raises(ValueError, match=what):
        parse(text)


def test_nodes_come_first() -> None:
    """A relationship is declared after all labels, and each name is there once."""
    kinds = [isinstance(part, Relationship) for part in PARTS]
    assert kinds == sorted(kinds)
    assert len({part.name for part in PARTS}) == len(PARTS)
