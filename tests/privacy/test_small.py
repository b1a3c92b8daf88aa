"""Small groups of agents are not shown."""

from __future__ import annotations

from miner.privacy.small import without_small

ANN, BOB = "a_0123456789abcdef", "a_fedcba9876543210"


def test_few_journeys_of_an_agent_are_left_out() -> None:
    """Rows with an agent and fewer than k journeys go, in lists as well; teams and larger groups stay."""
    columns = ["path", "owner", "journeys"]
    rows = [(["A", ANN], "A", 4), (["A", ANN], "A", 5), (["A", "B"], "A", 1), ([], BOB, 2), ([], None, None)]
    assert without_small(columns, rows) == [rows[1], rows[2], rows[4]]
    assert without_small(columns, rows, k=1) == rows


def test_rows_without_a_count_are_no_groups() -> None:
    """A list of single cases is not an output of groups."""
    rows = [(ANN, "J-1")]
    assert without_small(["agent", "journey"], rows) == rows
