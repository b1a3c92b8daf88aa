"""One time at a time: text and numbers to integer microseconds since the epoch, in UTC.

Everything is integer arithmetic; a fraction finer than a microsecond is cut. Whole columns
of a table are parsed in SQL elsewhere; this is for records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from miner.errors import UsageError

SECOND = 1_000_000
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_UNITS = {"s": SECOND, "ms": 1_000, "us": 1}
_IN_WORDS = {"s": "seconds", "ms": "milliseconds", "us": "microseconds"}
_LATEST = 253_402_300_800 * SECOND  # the year 10000
EARLIEST = -62_135_596_800 * SECOND  # the year 1
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]\s*(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_UNPADDED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:([T ])(\d{1,2})(?=:))?", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)?", re.ASCII)
_CLOCK = re.compile(r"(?:(\d+)\s+)?(\d+):(\d\d):(\d\d)", re.ASCII)
_WORDS = re.compile(r"(\d+)\s*(day|hour|minute|second)s?", re.ASCII | re.IGNORECASE)
_WORD_S = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}


class NoZone(ValueError):
    """A time without a zone, where none was declared."""


def zone(name: str) -> tzinfo:
    """The zone of this name (`Europe/Berlin`, `UTC`, `+01:00`); UsageError where there is none."""
    offset = _OFFSET.fullmatch(name.strip())
    if offset:
        return timezone(timedelta(microseconds=_offset_us(offset)))
    try:
        return ZoneInfo(name.strip())
    except (KeyError, ValueError, OSError):
        fix = "use an IANA name such as Europe/Berlin or UTC, or an offset such as +01:00"
        raise UsageError(f"unknown time zone {name!r}", fix=fix) from None


def parse(value: object, tz: tzinfo | None = None, unit: str = "s", form: str | None = None) -> int:
    """A time in microseconds, UTC.

    `value`: ISO-8601 text (Z, offset with or without colon, fraction, T or space), or an epoch
    number as int, float, Decimal or text in `unit` (s, ms, us). `form` is a strptime format that
    replaces ISO. Raises NoZone for a naive time without `tz`, ValueError for anything else.
    In the hour that a clock change repeats, the first is meant.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        raise ValueError("not a time")
    if not isinstance(value, str):
        return from_epoch(value, unit)
    text = value.strip()
    if form:
        return _in_zone(datetime.strptime(text, form), tz)
    if _NUMBER.fullmatch(text) and not _looks_like_date(text):
        return from_epoch(text, unit)
    return from_iso(text, tz)


def from_epoch(value: int | float | Decimal | str, unit: str = "s") -> int:
    """An epoch number in `unit` (s, ms, us) to microseconds; ValueError outside the years 1 to 9999."""
    try:
        exact = Decimal(repr(value) if isinstance(value, float) else value)
        if not exact.is_finite() or exact.adjusted() > 20:
            raise ValueError("not a time")
        us = int(exact * _UNITS[unit] // 1) if exact >= 0 else -int(-exact * _UNITS[unit] // 1)
    except InvalidOperation:
        raise ValueError("not a time") from None
    return _checked(us)


def from_iso(text: str, tz: tzinfo | None = None) -> int:
    """ISO-8601 text to microseconds; a date alone is its midnight. Errors as in `parse`."""
    found = _ISO.fullmatch(text.strip()) or _ISO.fullmatch(_UNPADDED.sub(_padded, text.strip(), count=1))
    if not found:
        raise ValueError("not a time")
    year, month, day, hour, minute, second, fraction, offset = found.groups(default="")
    h, m, s = int(hour or 0), int(minute or 0), int(second or 0)
    if m > 59 or s > 60 or h > 24 or (h == 24 and (m or s)):
        raise ValueError("not a time of day")
    days = date(int(year), int(month), int(day)).toordinal() - _EPOCH_DAY
    local = (days * 86_400 + h * 3_600 + m * 60 + s) * SECOND + int(f"{fraction[:6]:0<6}")
    if offset:
        signed = _OFFSET.fullmatch(offset)
        return _checked(local - (_offset_us(signed) if signed else 0))
    return _checked(local - _zone_offset_us(local, tz))


def _padded(found: re.Match[str]) -> str:
    """The beginning of a time with the zeros that some programs leave out."""
    year, month, day, part, hour = found.groups(default="")
    return f"{year}-{month:0>2}-{day:0>2}" + (f"{part}{hour:0>2}" if part else "")


def epoch_unit(values: Iterable[object]) -> str:
    """The unit of a source's epoch numbers, by the magnitude of their median: s, ms or us.

    Seconds up to the year 5138, milliseconds from 1973. Text that is not a number is passed over;
    without any number the unit is seconds.
    """
    numbers = sorted(
        abs(Decimal(str(v).strip())) for v in values if not isinstance(v, bool) and _NUMBER.fullmatch(str(v).strip())
    )
    if not numbers:
        return "s"
    middle = numbers[len(numbers) // 2]
    return "s" if middle < 10**11 else "ms" if middle < 10**14 else "us"


def unit_in_words(unit: str) -> str:
    """The unit for people: "epoch seconds, UTC"."""
    return f"epoch {_IN_WORDS[unit]}, UTC"


def duration(value: object) -> int:
    """A length of time in microseconds; ValueError where it is none.

    Seconds as a number, `HH:mm:ss`, `d HH:mm:ss`, words ("3 Days 12 Hours"), or ServiceNow's
    date form, where 1970-01-02 00:00:05 means one day and five seconds.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        raise ValueError("not a duration")
    text = repr(value) if isinstance(value, float) else str(value).strip()
    clock = _CLOCK.fullmatch(text)
    if clock:
        days, hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return _checked((days * 86_400 + hours * 3_600 + minutes * 60 + seconds) * SECOND)
    if _NUMBER.fullmatch(text):
        us = from_epoch(text)
    elif text.startswith("19"):
        us = from_iso(text, UTC)
    elif _WORDS.search(text) and not _WORDS.sub("", text).strip(" ,"):
        us = _checked(sum(int(n) * _WORD_S[word.lower()] for n, word in _WORDS.findall(text)) * SECOND)
    else:
        raise ValueError("not a duration")
    if us < 0:
        raise ValueError("a negative duration")
    return us


def _looks_like_date(text: str) -> bool:
    """Eight digits from 1900 to 2100 are a date, not an epoch of 1970."""
    return len(text) == 8 and text[:2] in ("19", "20") and text.isdigit()


def _in_zone(moment: datetime, tz: tzinfo | None) -> int:
    """A parsed moment to microseconds, without going through a float."""
    local = (moment.toordinal() - _EPOCH_DAY) * 86_400 + moment.hour * 3_600 + moment.minute * 60 + moment.second
    us = local * SECOND + moment.microsecond
    offset = moment.utcoffset()
    return _checked(us - (offset // timedelta(microseconds=1) if offset is not None else _zone_offset_us(us, tz)))


def _zone_offset_us(local: int, tz: tzinfo | None) -> int:
    """How far the zone is ahead of UTC at this local time."""
    if tz is None:
        raise NoZone("a time without a zone")
    seconds = local // SECOND
    if not EARLIEST + 2 * 86_400 * SECOND < local < _LATEST - 2 * 86_400 * SECOND:
        return 0
    moment = datetime(1970, 1, 1) + timedelta(seconds=seconds)
    offset = moment.replace(tzinfo=tz).utcoffset()
    return offset // timedelta(microseconds=1) if offset is not None else 0


def _offset_us(offset: re.Match[str]) -> int:
    sign, hours, minutes = offset.groups(default="0")
    if int(hours) > 23 or int(minutes) > 59:
        raise ValueError("not an offset")
    return (int(hours) * 3_600 + int(minutes) * 60) * SECOND * (-1 if sign == "-" else 1)


def _checked(us: int) -> int:
    if not EARLIEST <= us < _LATEST:
        raise ValueError("outside the years 1 to 9999")
    return us
