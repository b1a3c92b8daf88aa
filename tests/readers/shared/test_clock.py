"""One rule for the times in the records of all systems."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from miner.errors import InputError
from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.readers.base import Options
from miner.readers.shared.clock import ASSUMED_UTC, Clock
from miner.readers.shared.fields import Malformed

AT = 1_772_445_600_000_000  # 2026-03-02T10:00:00Z


@pytest.fixture
def sink() -> Iterator[Sink]:
    """The sink of one source."""
    with Engine() as engine:
        sink = Sink(engine)
        sink.begin("export.json")
        yield sink


@pytest.mark.parametrize("value", [None, "", " ", "0", 0, 0.0, Decimal(0), "-1", -1, " undefined "])
def test_no_time(value: object, sink: Sink) -> None:
    """Empty, 0, -1 and undefined stand where there is no time, in any unit and format."""
    for clock in (Clock(Options(), sink), Clock(Options(time_format="%d.%m.%Y"), sink, "ms")):
        assert clock.of({"at": value}, "at") is None
        with pytest.raises(Malformed, match="at is missing"):
            clock.need({"at": value}, "at")


@pytest.mark.parametrize(
    ("value", "unit"),
    [("2026-03-02T10:00:00Z", "s"), (1_772_445_600, "s"), ("1772445600000", "ms"), (Decimal("1772445600.0"), "s")],
)
def test_a_time(value: object, unit: str, sink: Sink) -> None:
    """ISO text with a zone, and epoch numbers in the source's unit, as number or text."""
    assert Clock(Options(), sink, unit).of({"at": value}, "at") == AT


def test_the_first_name_that_has_a_time_counts(sink: Sink) -> None:
    """A time may be under one of several names, and an empty one passes to the next."""
    record = {"at": "0", "created": "2026-03-02T10:00:00Z", "updated": "2027-01-01T00:00:00Z"}
    assert Clock(Options(), sink).need(record, "at", "created", "updated") == AT


def test_a_time_without_a_zone(sink: Sink) -> None:
    """The user's zone comes first, then the documented one, then UTC with a note; else it is an error with a fix."""
    record = {"at": "2026-03-02 11:00:00"}
    assert Clock(Options(tz="+01:00"), sink, assumed=ASSUMED_UTC).of(record, "at") == AT
    assert Clock(Options(tz="+01:00"), sink).of(record, "at") == AT
    assert not sink.notes
    assert Clock(Options(), sink, assumed=ASSUMED_UTC).of({"at": "2026-03-02 10:00:00"}, "at") == AT
    assert [note.kind for note in sink.notes] == ["assumed"]
    with pytest.raises(InputError, match="at has no time zone") as error:
        Clock(Options(), sink).of(record, "at")
    assert error.value.problems[0].column == "at" and "--tz" in (error.value.problems[0].fix or "")


@pytest.mark.parametrize("value", ["soon", True, [], {}, "2026-13-01T00:00:00Z"])
def test_no_time_at_all(value: object, sink: Sink) -> None:
    """What is no time is malformed, by the name of its field."""
    with pytest.raises(Malformed) as error:
        Clock(Options(), sink).of({"at": value}, "at")
    assert error.value.field == "at" and str(error.value) == "at is not a time"
