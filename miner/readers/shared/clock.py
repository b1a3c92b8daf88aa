"""How a source's times are read: one rule for the records of all systems."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo
from decimal import Decimal

from miner.errors import InputError, Problem
from miner.events import times
from miner.events.sink import Sink
from miner.events.values import id_of
from miner.readers.base import Options
from miner.readers.shared.fields import Malformed

# What stands where there is no time: an open end, or the zero of a field that was never set. 1970-01-01 among the
# later dates of a table is read the same way (tabular/times.py).
NO_TIME = frozenset(("", "0", "-1", "undefined", 0, -1))
ASSUMED_UTC = "times have no time zone and were read as UTC; set another with --tz"


class Clock:
    """Reads the times of one file: ISO-8601, epoch numbers in `unit` (s, ms, us), or the user's own format.

    A time without a zone is in the zone that the user declared, else in `documented`, the one that the system is
    documented to write; else, where `assumed` says so in a note, in UTC; else it is an InputError.
    """

    def __init__(
        self,
        options: Options,
        sink: Sink,
        unit: str = "s",
        *,
        documented: tzinfo | None = None,
        assumed: str | None = None,
    ):
        self.sink, self.unit, self.form, self.assumed = sink, unit, options.time_format, assumed
        self.zone = times.zone(options.tz) if options.tz else documented

    def of(self, record: Mapping[str, object], *names: str) -> int | None:
        """The time under the first of the names that has one, in µs; None where none has; errors as in `parse`."""
        for name in names:
            at = self.parse(record.get(name), name)
            if at is not None:
                return at
        return None

    def need(self, record: Mapping[str, object], *names: str) -> int:
        """The same of a time that must be there; Malformed where it is missing."""
        at = self.of(record, *names)
        if at is None:
            raise Malformed(names[0], f"{names[0]} is missing", id_of(record.get("id")))
        return at

    def parse(self, value: object, name: str) -> int | None:
        """A time in µs, None where it is NO_TIME. Malformed where it is none; InputError where it lacks a zone."""
        if value is None or _is_no_time(value):
            return None
        try:
            return times.parse(value, self.zone, self.unit, self.form)
        except times.NoZone:
            if self.assumed is None:
                what = f"{name} has no time zone"
                raise InputError(
                    Problem(what, self.sink.source, None, name, "set the time zone: --tz Europe/Berlin")
                ) from None
            self.sink.note("assumed", self.assumed)
            return times.parse(value, UTC, self.unit, self.form)
        except ValueError:
            raise Malformed(name, f"{name} is not a time", value) from None


def _is_no_time(value: object) -> bool:
    if isinstance(value, str):
        return (len(value) < 19 or value.isspace()) and value.strip() in NO_TIME  # 19: a time to the second
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and value in NO_TIME
