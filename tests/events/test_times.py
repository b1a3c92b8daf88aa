"""Single times and durations, exact to the microsecond."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miner.errors import UsageError
from miner.events import times

TEN = int(datetime(2026, 3, 2, 10, 2, 11, tzinfo=UTC).timestamp()) * 1_000_000
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1))


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T10:02:11Z",
        "2026-03-02 10:02:11 UTC",
        "2026-03-02T11:02:11+01:00",
        "2026-03-02T11:02:11+0100",
        "2026-03-02 11:02:11 +01",
        "2026-03-02T10:02:11.000Z",
        "2026-03-02T04:32:11-05:30",
        "20260302T100211Z",
        "2026-3-2T10:02:11Z",
        "2026-03-2 9:02:11-01:00",
        "1772445731",
        " 1772445731.0 ",
    ],
)
def test_one_moment_in_many_spellings(text: str) -> None:
    """Z, offsets with and without colon, a space or T, and epoch text are the same moment."""
    assert times.parse(text) == TEN


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (1772445731, "s"),
        (1772445731.0, "s"),
        (Decimal("1772445731"), "s"),
        (1772445731000, "ms"),
        ("1772445731000000", "us"),
    ],
)
def test_epoch_numbers_by_unit(value: object, unit: str) -> None:
    """An epoch number is read in the unit that was found for its source."""
    assert times.parse(value, unit=unit) == TEN
    assert times.epoch_unit([value, None, "x", True]) == unit


def test_one_outlier_does_not_change_the_unit() -> None:
    """The unit is that of the median, so a single odd number changes nothing."""
    assert times.epoch_unit([1772445731, 1772445732, 10**16]) == "s"
    assert times.epoch_unit([]) == "s"


@given(MOMENTS, st.integers(-14 * 60, 14 * 60))
def test_iso_round_trip_is_exact(moment: datetime, minutes: int) -> None:
    """Any moment with microseconds and an offset comes back exactly."""
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert times.parse(aware.isoformat()) == (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@given(st.integers(-(10**15), 10**16))
def test_epoch_text_keeps_every_microsecond(us: int) -> None:
    """Text with six decimals of a second loses nothing, before 1970 too."""
    sign, whole = "-" if us < 0 else "", abs(us)
    assert times.from_epoch(f"{sign}{whole // 10**6}.{whole % 10**6:06}") == us
    assert times.from_epoch(us, "us") == us


def test_finer_fractions_are_cut() -> None:
    """Nanoseconds are cut to microseconds, not rounded into the next."""
    assert times.parse("2026-03-02T10:02:11.9999999Z") == TEN + 999_999


def test_naive_times_need_a_zone() -> None:
    """A time without zone is an error of its own, or local time of the declared zone, summer time included."""
    with pytest.raises(times.NoZone):
        times.parse("2026-03-02 10:02:11")
    berlin = times.zone("Europe/Berlin")
    assert times.parse("2026-03-02 11:02:11", berlin) == TEN
    assert times.parse("2026-07-02 12:00:00", berlin) == times.parse("2026-07-02T10:00:00Z")
    assert times.parse("2026-10-25 02:30:00", berlin) == times.parse("2026-10-25T00:30:00Z")
    assert times.parse("2026-03-02", berlin) == times.parse("2026-03-01T23:00:00Z")


def test_a_declared_format_replaces_iso() -> None:
    """A strptime format reads day-first times, its own offset or the declared zone."""
    assert times.parse("02.03.2026 10:02:11", UTC, form="%d.%m.%Y %H:%M:%S") == TEN
    assert times.parse("02.03.2026 11:02:11 +0100", form="%d.%m.%Y %H:%M:%S %z") == TEN


@pytest.mark.parametrize(
    "value",
    [
        "",
        "?",
        "tomorrow",
        "2026-02-30T10:00:00Z",
        "2026-03-02T25:00:00Z",
        "2026-03-02T24:00:01Z",
        "2026-13-01T00:00:00Z",
        None,
        True,
        [],
        {},
        float("nan"),
        float("inf"),
        1e300,
        10**400,
        "9" * 30,
        "0000-01-01T00:00:00Z",
        "2026-03-02T10:00:00+99:00",
    ],
)
def test_what_is_no_time_is_a_value_error(value: object) -> None:
    """Anything else is a ValueError, whatever its type or size."""
    with pytest.raises(ValueError):
        times.parse(value, UTC)


@given(st.text() | st.floats() | st.integers() | st.none())
def test_no_other_error_ever(value: object) -> None:
    """Parsing gives a whole number or a ValueError, never anything else."""
    for parser in (lambda: times.parse(value, UTC), lambda: times.duration(value)):
        with contextlib.suppress(ValueError):
            assert isinstance(parser(), int)


def test_unknown_zones_are_a_usage_error() -> None:
    """An unknown zone is a usage error that says what a zone looks like; offsets and names are fine."""
    for name in ("Mars/Olympus", "", "../etc/passwd", "Europe"):
        with pytest.raises(UsageError, match="time zone"):
            times.zone(name)
    assert times.parse("2026-03-02 11:02:11", times.zone("+01:00")) == TEN


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0 01:30:00", 5400),
        ("3 04:05:06", 273_906),
        ("01:30:00", 5400),
        ("3 Days 12 Hours", 302_400),
        ("90", 90),
        (90, 90),
        ("1 Hour 30 Minutes", 5400),
        ("1 Minute, 5 Seconds", 65),
        ("1970-01-01 02:37:03", 9423),
        ("1970-01-02 00:00:05", 86_405),
        ("0:00:00", 0),
    ],
)
def test_durations(text: object, seconds: int) -> None:
    """Days and clock, words, plain seconds and the 1970 form are lengths of time."""
    assert times.duration(text) == seconds * 1_000_000


@pytest.mark.parametrize("value", ["", "-5", "3 Weeks", "Days", None, True, "1 Hour later", "2026-01-01"])
def test_what_is_no_duration(value: object) -> None:
    """A negative number, unknown words and dates are no durations."""
    with pytest.raises(ValueError):
        times.duration(value)
