"""Which column means what: the user's mapping, or a guess with its reason."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field

from miner.errors import InputError, Problem
from miner.events.engine import Engine, quote
from miner.events.schema import MISSING
from miner.readers.base import Options
from miner.readers.tabular.cells import Cells
from miner.readers.tabular.keys import KEYS, NAMES, REQUIRED, TIMES
from miner.readers.tabular.shapes import looks_like_time
from miner.readers.unknown import Unknown

SHOWN = 40
_SERIAL = re.compile(r"[2-6]\d{4}(\.\d+)?")  # days since 1900, of the years 1954 to 2091
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?")


@dataclass
class Mapping:
    """Keys and the columns they are read from, with the reason of each."""

    columns: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, column: str, reason: str) -> None:
        """Let a key be read from a column."""
        self.columns[key], self.reasons[key] = column, reason

    def move(self, key: str, to: str) -> None:
        """Let another key be read from the column of this one."""
        self.columns[to], self.reasons[to] = self.columns.pop(key), self.reasons.pop(key)

    def drop(self, key: str) -> None:
        """Let a key be read from no column."""
        self.columns.pop(key, None)
        self.reasons.pop(key, None)

    def placed(self) -> dict[str, str]:
        """The columns with `time` as the start and `end` as the end; a start beside a lone time makes that the end."""
        placed = dict(self.columns)
        if "start" in placed:
            placed["time"], placed["end"] = placed.pop("start"), placed["time"]
        return placed


def map_columns(engine: Engine, cells: Cells, options: Options, profile: dict[str, str], file: str) -> Mapping:
    """The mapping of a table.

    A mapping that the user gives is the whole mapping: only case, activity and time are still
    looked for. A source's own profile stands where the user says nothing of a key. All problems
    are raised at once, as one InputError.
    """
    mapping = Mapping()
    problems = _given(mapping, options, cells, file)
    for key, column in profile.items():
        if key not in options.columns and column in cells.columns:
            mapping.add(key, column, "known from this export")
    wanted = REQUIRED if options.columns or profile else KEYS
    if "start" in mapping.columns and "time" not in mapping.columns:
        mapping.move("start", "time")
    _guess(engine, cells, mapping, [k for k in wanted if k not in options.columns], options)
    missing = [key for key in REQUIRED if key not in mapping.columns and not options.columns.get(key)]
    unfound = [key for key in missing if not (key == "time" and options.columns.get("start"))]
    if unfound:
        problems.append(_not_found(unfound, engine, cells, mapping, file))
    if len(missing) == len(REQUIRED) and not options.columns:
        raise Unknown(problems)  # a list of names or prices, say: no log at all
    if problems:
        raise InputError(problems)
    return mapping


def _given(mapping: Mapping, options: Options, cells: Cells, file: str) -> list[Problem]:
    """Take over what the user gives; what is wrong with it."""
    problems = []
    for key, column in options.columns.items():
        if key not in KEYS:
            problems.append(Problem(f"unknown key {key!r} in --map", fix=f"keys are: {' '.join(KEYS)}"))
        elif not column:
            continue  # `--map agent=` says that there is none
        elif (found := resolve(column, cells.columns)) is None:
            problems.append(_missing_column(column, cells.columns, file))
        else:
            mapping.add(key, found, "given with --map")
    if set(TIMES) <= options.columns.keys():
        problems.append(Problem("time, start and end are given, which is one too many", file,
                                fix="give start and end, or time and end, or time alone"))  # fmt: skip
    return problems


def resolve(column: str, columns: tuple[str, ...]) -> str | None:
    """A column by its name, or by the same name in other case; "a+b" joins two columns with a space."""
    if column in columns:
        return column
    same = [c for c in columns if c.lower() == column.lower()]
    if len(same) == 1:
        return same[0]
    parts = [resolve(p, columns) for p in column.split("+")] if "+" in column else [None]
    return "+".join(p for p in parts if p) if all(parts) else None


def _guess(engine: Engine, cells: Cells, mapping: Mapping, keys: list[str], options: Options) -> None:
    taken = set(mapping.columns.values())
    samples: dict[str, list[str]] = {}
    for key in keys:
        if key in mapping.columns:
            continue
        column = _best(engine, cells, key, taken, samples)
        if column is not None:
            mapping.add(key, column, f"named like a {key.replace('_', ' ')} column")
            taken.add(column)
        elif key == "time":
            column = next(
                (c for c in cells.columns if c not in taken and _is_time(engine, cells, c, samples, 0.8)), None
            )
            if column is not None:
                mapping.add("time", column, "the first column that holds times")
                taken.add(column)
    _settle_times(mapping, options)


def _settle_times(mapping: Mapping, options: Options) -> None:
    """Start and end columns, where both were found, make the event an interval; `time` is then the start."""
    found = mapping.columns.keys()
    if "start" in found and ("end" in found or "time" not in found) and "time" not in options.columns:
        mapping.move("start", "time")


def like_a_log(columns: tuple[str, ...]) -> bool:
    """Whether any column is named like the case, the activity or the time of a log."""
    named = {simple(column) for column in columns}
    return any(named & set(NAMES[key].split()) for key in REQUIRED)


def simple(column: str) -> str:
    """A name as it is compared: lower case, letters and digits alone."""
    return re.sub(r"[^a-z0-9]", "", column.lower())


def _best(engine: Engine, cells: Cells, key: str, taken: set[str], samples: dict[str, list[str]]) -> str | None:
    shorts = {c: simple(c) for c in cells.columns if c not in taken}
    for name in NAMES[key].split():
        for column, short in shorts.items():
            if short == name and (key not in TIMES or _is_time(engine, cells, column, samples, 0.4)):
                return column
    return None


def _is_time(engine: Engine, cells: Cells, column: str, samples: dict[str, list[str]], share: float) -> bool:
    """Whether a column holds times; a telling name needs fewer of them."""
    if column in cells.typed:
        return True
    if column not in samples:
        rows = engine.rows(f"SELECT {quote(column)} FROM {quote(cells.view)} LIMIT 1000")
        samples[column] = [r[0] for r in rows if r[0] is not None and r[0].strip() not in MISSING]
    return looks_like_time(samples[column], share)


def _missing_column(column: str, columns: tuple[str, ...], file: str) -> Problem:
    near = difflib.get_close_matches(column, columns, 3, 0.5)
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"its columns are: {', '.join(columns[:SHOWN])}"
    return Problem(f"there is no column {column!r}", file, column=column, fix=hint)


def _not_found(keys: list[str], engine: Engine, cells: Cells, mapping: Mapping, file: str) -> Problem:
    """What is missing, what was recognised, and what the columns are."""
    known = ", ".join(f"{k}={c}" for k, c in mapping.columns.items() if k in REQUIRED)
    also = f" (recognised: {known})" if known else ""
    if "time" in keys and (seen := _no_times(engine, cells)):
        also += f"; {seen}"
    shown = ", ".join(cells.columns[:SHOWN]) + (", …" if len(cells.columns) > SHOWN else "")
    columns = f"the columns are: {shown}" if cells.header else f"it has no header row; {_by_place(engine, cells)}"
    options = " ".join(f"--map {key}=COLUMN" for key in keys)
    return Problem(f"no column was recognised as the {' or the '.join(keys)}{also}", file,
                   fix=f"name {'it' if len(keys) == 1 else 'them'} with {options}; {columns}")  # fmt: skip


def _no_times(engine: Engine, cells: Cells) -> str | None:
    """What stands in the column that is named like the time; None where there is none."""
    name = next((c for n in NAMES["time"].split() for c in cells.columns if simple(c) == n), None)
    if name is None:
        return None
    rows = engine.rows(f"SELECT {quote(name)} FROM {quote(cells.view)} WHERE {quote(name)} IS NOT NULL LIMIT 1000")
    found = next((str(row[0]) for row in rows if str(row[0]).strip() not in MISSING), None)
    if found is None:
        return f"{name!r} is empty"
    if _SERIAL.fullmatch(found.strip()):
        return f"{name!r} holds day numbers of a spreadsheet ({found}): give the column a date format and save it"
    if _CLOCK.fullmatch(found.strip()):
        return f"{name!r} holds a time of day without a date ({found}): join them, --map time=DATE+TIME"
    return f"{name!r} holds no times that can be read (such as {found[:40]!r})"


def _by_place(engine: Engine, cells: Cells) -> str:
    """The columns of a table without a header, each with a value, so that people know which is which."""
    row = next(iter(engine.rows(f"SELECT * FROM {quote(cells.view)} LIMIT 1")), ())
    shown = list(zip(cells.columns, row, strict=False))[:SHOWN]
    return "its columns are: " + ", ".join(f"{name} ({str(value)[:30]!r})" for name, value in shown)
