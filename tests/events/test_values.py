"""Ids as text, and the keys of customers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miner.events import values


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1004298.0, "1004298"),
        ("1004298.0", "1004298"),
        (Decimal("1004298.0"), "1004298"),
        (42, "42"),
        ("007", "007"),
        (" K-1 ", "K-1"),
        (10**20, "1" + "0" * 20),
        ("1.5", "1.5"),
        (1.5, "1.5"),
        ("", None),
        ("?", None),
        ("NULL", None),
        (None, None),
        (True, None),
        ([], None),
        ({}, None),
        (float("nan"), None),
        ("n.v.t.", None),
    ],
)
def test_ids_are_text(value: object, text: str | None) -> None:
    """Floats lose their zeros, leading zeros stay, missing markers and other types are no id."""
    assert values.id_of(value) == text


def test_further_missing_markers() -> None:
    """The user's own markers are missing too."""
    assert values.id_of("leer", ("leer",)) is None


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("tel:+49 (30) 123-456", "+4930123456"),
        ("+49 (0)30 123456", "+4930123456"),
        ("0049 30 123456", "+4930123456"),
        ("030/123456", "030123456"),
        ("sip:+4930123456@example.com", "+4930123456"),
        ("tel:+4930123456;ext=7", "+4930123456"),
        ("anonymous", None),
        ("withheld", None),
        ("Restricted", None),
        ("266696687", None),
        ("+266696687", None),
        ("1234", None),
        ("", None),
        ("000000000", None),
        ("agent7", None),
        (4930123456, "4930123456"),
    ],
)
def test_phone_numbers(value: object, key: str | None) -> None:
    """One number has one key; withheld numbers and extensions have none."""
    assert values.phone_key(value) == key


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("K-100", "K-100"),
        ("Ann@Example.COM", "ann@example.com"),
        ("+49 30 123456", "+4930123456"),
        ("00123456", "00123456"),
        ("Anonymous", None),
        ("unknown", None),
        ("-1", None),
        (0, None),
        (70, "70"),
        ("mailto:Ann@Example.com", "ann@example.com"),
    ],
)
def test_customer_keys(value: object, key: str | None) -> None:
    """Declared ids stay as they are, addresses and numbers are normalised, nobody is nobody."""
    assert values.customer_key(value) == key


@given(st.text() | st.floats() | st.integers() | st.lists(st.none()))
def test_keys_can_be_stored(value: object) -> None:
    """Whatever comes in, what comes out is text that UTF-8 can hold, and normalising it again changes nothing."""
    for normal in (values.id_of, values.phone_key, values.email_key, values.customer_key, values.text_of):
        key = normal(value)
        assert key is None or (key.encode() and key == key.strip())
    key = values.phone_key(value)
    assert key is None or values.phone_key(key) == key
