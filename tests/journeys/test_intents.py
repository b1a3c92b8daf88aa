"""Intents by a table of the user's."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.errors import InputError
from miner.journeys.intents import intent_of, read_intents


def test_the_first_row_that_fits_counts(tmp_path: Path) -> None:
    """Values and patterns in their order, in any case of letters; what none fits has no intent here."""
    file = tmp_path / "intents.csv"
    file.write_text("value;intent\nrefund_status;status\nrefund*;refund\n*bill*;invoice\n", encoding="utf-8")
    intents = read_intents(file)
    found = [intent_of(value, intents) for value in ("Refund_Status", "refund_late", "my BILL is wrong", "parcel")]
    assert found == ["status", "refund", "invoice", None]


def test_a_table_without_the_columns_is_an_error(tmp_path: Path) -> None:
    """The columns are named."""
    file = tmp_path / "intents.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="value and intent"):
        read_intents(file)
