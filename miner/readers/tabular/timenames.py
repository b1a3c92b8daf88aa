"""What the name of a column says of times: a step's own time, a start or an end, or a date of something else."""

from __future__ import annotations

import re

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
_LAST = frozenset(
    "timestamp ts time date datetime dt at on when stamp moment epoch unix modified updated created "
    "changed logged recorded occurred performed happened zeit datum zeitpunkt zeitstempel tijd tijdstip "
    "uhrzeit fecha hora heure horodatage data ora quando".split()
)
_AFTER = frozenset(
    "utc gmt local ms us ns sec s millis seconds milliseconds iso z tz zone cet est pst occurred changed".split()
)
_OTHER = frozenset(
    "due birth dob birthday expires expiry expire expiration expired sla target deadline planned "
    "scheduled expected estimated valid until next warranty renewal hire contract delivery "
    "promised".split()
)
_LENGTHS = frozenset(
    "duration elapsed spent handle handling talk wait waiting response hold queue processing "
    "resolution travel average avg total lead cycle acw wrap idle".split()
)
_CLOCK = frozenset("time clock hour hours timeofday uhrzeit zeit tijd hora heure ora".split())
_DATE = frozenset("date day datum fecha data jour tag dag".split())
_JOINED = re.compile(r"(timestamp|datetime|date|time)$", re.IGNORECASE)  # "changetime" without a border of words


def parts(name: str) -> list[str]:
    """The words of a name in lower case: `eventTimestamp`, `Created Date`, `occurred_at`."""
    return [part.lower() for part in _PART.findall(name)]


def named_like_time(name: str) -> bool:
    """Whether a name says that the column holds the times of what is told in its row."""
    words = parts(name)
    if _OTHER & set(words):
        return False
    while len(words) > 1 and words[-1] in _AFTER:
        words.pop()
    if not words:
        return False
    last = words[-1]
    if last in ("on", "at"):  # `created_at`, not `based_on`
        return len(words) == 1 or words[-2].endswith(("ed", "en")) or words[-2] in ("at", "date", "time")
    return last in _LAST or (len(words) == 1 and _JOINED.search(last) is not None)


def named_otherwise(name: str) -> bool:
    """Whether a name says that its dates are of something else: a due date, a birthday."""
    return bool(_OTHER & set(parts(name)))


def clock_of(date: str, clock: str) -> bool:
    """Whether, by their names, a column of times of day belongs to a column of dates: `Start Date`, `Start Time`."""
    words = [word for word in parts(clock) if word not in _AFTER]
    if not _CLOCK & set(words) or _LENGTHS & set(words):
        return False
    stem = [word for word in words if word not in _CLOCK | {"of", "day"}]
    return stem in ([], [word for word in parts(date) if word not in _DATE | _CLOCK | {"of"}])
