"""Which column is the time: dates before numbers, names before none, and a weak guess says that it is one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from miner.readers.tabular.shapes import looks_like_time, shape_of
from miner.readers.tabular.timenames import clock_of, named_like_time, named_otherwise

NAMED, CLEAR = 0.4, 0.8  # the share of cells that are times: a telling name needs fewer of them
_YEARS = (1990, 2050)  # logs of work lie here; numbers that give other years are ids, phone numbers, amounts
_EVEN = 10  # numbers that rise by the same step are counters from so many on
_DIGITS = ("epoch", "compact")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?")
_FIRST = "the first column that holds times"
_WITH_CLOCK = re.compile(r"\d:\d\d|\dT\d")


@dataclass(frozen=True)
class Found:
    """A column of times, why it was taken, and what is doubtful about it."""

    column: str
    reason: str
    doubt: str | None = None


def best_time(
    named: Iterable[str],
    others: Sequence[str],
    cells: Callable[[str], Sequence[str] | None],
    still: Callable[[str], bool],
) -> Found | None:
    """The surest of some columns for the time of the events.

    `named` have a known name of the time, the surest first; `others` are further columns; `cells` gives the first
    values of a column, None where the engine knows them as times; `still` says that a column does not change in a
    case. The others are looked at only where no named column will do: their cells may be long. None where there is no
    column of times, or none but numbers without a telling name.
    """
    named = list(named)
    seen: list[tuple[list[str], str]] = []
    for columns, reason in _ranked(named, others, cells):
        if moving := next((c for c in columns if not still(c)), None):
            return Found(moving, reason, _one_of(moving, columns) if reason == _FIRST else None)
        seen.append((columns, reason))
    for columns, reason in seen:
        if columns:
            return Found(columns[0], reason, "it does not change within cases, so it may be an attribute of the case")
    return _weak([*named, *(c for c in others if named_like_time(c))], others, cells)


def _ranked(
    named: Sequence[str], others: Sequence[str], cells: Callable[[str], Sequence[str] | None]
) -> Iterator[tuple[list[str], str]]:
    """Columns of times with the reason to take one of them, the surest first, each found when it is asked for."""
    free = [*named, *others]
    yield [_joined(c, free, cells) for c in named if _is_time(cells(c), NAMED)], "named like a time column"
    yield (
        [_joined(c, free, cells) for c in others if named_like_time(c) and _is_time(cells(c), CLEAR)],
        "named like a time",
    )
    yield (
        [
            _joined(c, free, cells)
            for c in others
            if not named_like_time(c) and not named_otherwise(c) and _is_date(cells(c), CLEAR)
        ],
        _FIRST,
    )


def named_times(
    named: Iterable[str],
    free: Sequence[str],
    cells: Callable[[str], Sequence[str] | None],
    still: Callable[[str], bool],
) -> str | None:
    """The first of the columns named like a start or an end that holds times and changes in the cases."""
    columns = (_joined(c, free, cells) for c in named if _is_time(cells(c), NAMED))
    return next((c for c in columns if not still(c)), None)


def numbers_like_times(columns: Iterable[str], cells: Callable[[str], Sequence[str] | None]) -> Iterator[str]:
    """The columns whose numbers could be seconds since 1970, which nobody takes without a name that says so."""
    for column in columns:
        values = cells(column)
        if values and looks_like_time(values, CLEAR) and _in_years(values):
            yield column


def _weak(named: Sequence[str], others: Sequence[str], cells: Callable[[str], Sequence[str] | None]) -> Found | None:
    """What is taken where nothing better is there: odd numbers under a telling name, dates of something else."""
    for column in named:
        values = cells(column)
        if values and looks_like_time(values, CLEAR):
            what = "rise evenly, like a counter" if _even(values) else "give years outside any log"
            return Found(column, "named like a time", f"its numbers {what}")
    for column in others:
        values = cells(column)
        if _is_date(values, CLEAR) or (values and _compact(values)):
            dates = (
                "its name suggests that its dates mean something else"
                if named_otherwise(column)
                else ("its numbers are the only values that can be read as dates")
            )
            return Found(column, "the only column that holds times", dates)
    return None


def _one_of(column: str, columns: Sequence[str]) -> str | None:
    more = [c for c in columns if c != column]
    return f"{', '.join(map(repr, more[:3]))} {'holds' if len(more) == 1 else 'hold'} times as well" if more else None


def _is_date(values: Sequence[str] | None, share: float) -> bool:
    """Whether a column holds dates that are written as such; columns that the engine knows as times do."""
    if values is None:
        return True
    return looks_like_time((v if shape_of(v.strip()) not in _DIGITS else "-" for v in values), share)


def _is_time(values: Sequence[str] | None, share: float) -> bool:
    """Whether a column holds dates, or numbers that are believable as times."""
    if values is None or _is_date(values, share):
        return True
    return looks_like_time(values, share) and _in_years(values) and not _even(values)


def _compact(values: Sequence[str]) -> bool:
    shapes = [shape_of(v.strip()) for v in values]
    return shapes.count("compact") >= CLEAR * len(shapes) and not _even(values)


def _in_years(values: Sequence[str]) -> bool:
    """Whether most numbers, as seconds since 1970 or parts of them, lie in years of logs."""
    years = []
    for value in values:
        kind, digits = shape_of(value.strip()), value.strip().split(".")[0]
        if kind == "compact":
            years.append(int(digits[:4]))
        elif kind == "epoch":
            seconds = int(digits) / (1, 1e3, 1e6, 1e9)[sum(len(digits) > n for n in (11, 14, 17))]
            years.append(1970 + int(seconds / 31_556_952))
    return sum(_YEARS[0] <= year < _YEARS[1] for year in years) >= CLEAR * len(years)


def _even(values: Sequence[str]) -> bool:
    """Whether numbers rise from row to row by the same step, as a counter does; times of a day that do are too few."""
    numbers = [int(v.strip()) for v in values if v.strip().isdigit()]
    steps = Counter(b - a for a, b in pairwise(numbers))
    if len(numbers) < _EVEN:
        return False
    step, count = steps.most_common(1)[0]
    return 0 < step < 60 and count >= 0.95 * (len(numbers) - 1)


def _joined(column: str, others: Sequence[str], cells: Callable[[str], Sequence[str] | None]) -> str:
    """The column, with the column of the time of day that belongs to it where it holds days only."""
    days = cells(column)
    if days is None or "+" in column:
        return column
    if not days or any(_WITH_CLOCK.search(day) or day.strip().isdigit() for day in days):
        return column
    clocks = [c for c in others if c != column and "+" not in c and _is_clock(cells(c))]
    own = [c for c in clocks if clock_of(column, c)]
    return f"{column}+{own[0]}" if len(own) == 1 or (own and len(clocks) == 1) else column


def _is_clock(values: Sequence[str] | None) -> bool:
    return bool(values) and all(_CLOCK.fullmatch(value.strip()) for value in values or ())
