"""What a text that means a point in time can look like."""

from __future__ import annotations

import re
from collections.abc import Iterable

CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
ZONE = r"(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)"
_ISO = re.compile(rf"^\d{{4}}-\d{{1,2}}-\d{{1,2}}([T ]\s*{CLOCK})?\s*{ZONE}?$", re.IGNORECASE)
_EPOCH = re.compile(r"^\d{9,19}(\.\d+)?$")
_YEAR_FIRST = re.compile(rf"^\d{{4}}[/.]\d{{1,2}}[/.]\d{{1,2}}([T ]+{CLOCK})?(\s*{ZONE})?$")
NUMERIC = re.compile(
    rf"^(\d{{1,2}})([/.\-])(\d{{1,2}})\2(\d{{4}}|\d{{2}})((?:, ?|[T ]+){CLOCK}(?:\s?[AaPp][Mm])?)?(\s*{ZONE})?$"
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_NAMED = re.compile(rf"^([a-z]{{3,9}},?\s+)?(\d{{1,2}}[\s-]+)?({_MONTHS})[a-z]*[\s-]+\d", re.IGNORECASE)
COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S", 15: "%Y%m%dT%H%M%S"}
_COMPACT = re.compile(r"^(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])(T?\d*)?$")
_ENDS_IN_ZONE = re.compile(rf":\d{{2}}.*{ZONE}$|[AP]M\s*{ZONE}$", re.IGNORECASE)


def shape_of(value: str) -> str | None:
    """iso, numeric, year, compact, epoch or named; None for what is no point in time."""
    if _ISO.match(value):
        return "iso"
    if NUMERIC.match(value):
        return "numeric"
    if _YEAR_FIRST.match(value):
        return "year"
    if len(value) in COMPACT and _COMPACT.match(value):
        return "compact"
    if _EPOCH.match(value):
        return "epoch"
    if _NAMED.match(value) and re.search(r"\d{1,2}.*(\d{4}|\d{2})", value):
        return "named"
    return None


def looks_like_time(values: Iterable[str], share: float) -> bool:
    """Whether at least this share of the texts can be a point in time."""
    known = [v.strip() for v in values if v and v.strip()]
    return bool(known) and sum(shape_of(v) is not None for v in known) >= share * len(known)


def has_zone(value: str) -> bool:
    """Whether a time says its zone or offset itself; epochs do not count."""
    return _ENDS_IN_ZONE.search(value) is not None


def clock_format(tail: str) -> str:
    """The strptime format of what follows a date: ` 3:04 PM` is ` %I:%M %p`."""
    hours = "%I" if re.search(r"[ap]m$", tail, re.IGNORECASE) else "%H"
    form = re.sub(r"\d{1,2}:\d{2}:\d{2}[.,]\d+", f"{hours}:%M:%S.%f", tail)
    form = re.sub(r"\d{1,2}:\d{2}:\d{2}", f"{hours}:%M:%S", form)
    form = re.sub(r"\d{1,2}:\d{2}", f"{hours}:%M", form)
    return re.sub(r"[ap]m$", "%p", form, flags=re.IGNORECASE)
