"""What a terminal shows of a query's rows."""

from __future__ import annotations

import pytest

from miner.cli.rows import shown
from miner.graph import Rows

ROWS = Rows(
    ["team", "visits", "handoffs_in", "wait_s_total", "example"],
    [("First line", 3, 4, 4.5, "a long text that goes on and on"), ("Second line", 30, 41, 90.0, None)],
)


@pytest.mark.parametrize("width", [30, 60, 80, 120])
def test_every_value_is_read_whole_whatever_the_width(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Texts are folded; where even that is too wide, each row is written as lines, and no name or number is cut."""
    monkeypatch.setenv("COLUMNS", str(width))
    shown(ROWS, "table", None)
    text = capsys.readouterr().out
    assert all(len(line) <= width for line in text.splitlines())
    for word in (*ROWS.columns, "First line", "Second line", "41", "4 s", "1 min 30 s"):
        assert word in text, word
