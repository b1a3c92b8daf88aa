"""Which column means what: the user's mapping, or a guess with its reason."""

from __future__ import annotations

import difflib
import re

from miner.errors import InputError, Problem
from miner.events.engine import Engine, quote
from miner.events.schema import MISSING
from miner.readers.base import Options, UnknownFormat
from miner.readers.tabular.cells import Cells
from miner.readers.tabular.guess import guess, numbers
from miner.readers.tabular.keys import KEYS, NAMES, REQUIRED, TIMES
from miner.readers.tabular.mapping import Mapping, resolve, simple

SHOWN = 40
_SERIAL = re.compile(r"[2-6]\d{4}(\.\d+)?")  # days since 1900, of the years 1954 to 2091
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?")


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
    guess(engine, cells, mapping, [k for k in wanted if k not in options.columns], options)
    missing = [key for key in REQUIRED if key not in mapping.columns and not options.columns.get(key)]
    unfound = [key for key in missing if not (key == "time" and options.columns.get("start"))]
    if unfound:
        problems.append(_not_found(unfound, engine, cells, mapping, file))
    if len(missing) == len(REQUIRED) and not options.columns:
        raise UnknownFormat(problems)  # a list of names or prices, say: no log at all
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
        problems.append(
            Problem(
                "time, start and end are given: only two of them may be",
                file,
                fix="give start and end, or time and end, or time alone",
            )
        )
    return problems


def like_a_log(columns: tuple[str, ...]) -> bool:
    """Whether any column is named like the case, the activity or the time of a log."""
    named = {simple(column) for column in columns}
    return any(named & set(NAMES[key].split()) for key in REQUIRED)


def _missing_column(column: str, columns: tuple[str, ...], file: str) -> Problem:
    near = difflib.get_close_matches(column, columns, 3, 0.5)
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"its columns are: {', '.join(columns[:SHOWN])}"
    return Problem(f"there is no column {column!r}", file, column=column, fix=hint)


def _not_found(keys: list[str], engine: Engine, cells: Cells, mapping: Mapping, file: str) -> Problem:
    """What is missing, what was recognised, and what the columns are."""
    known = ", ".join(f"{k}={c}" for k, c in mapping.columns.items() if k in REQUIRED)
    also = f" (recognised: {known})" if known else ""
    if "time" in keys and (seen := _no_times(engine, cells) or _only_numbers(engine, cells)):
        also += f"; {seen}"
    shown = ", ".join(cells.columns[:SHOWN]) + (", …" if len(cells.columns) > SHOWN else "")
    columns = f"the columns are: {shown}" if cells.header else f"it has no header row; {_by_place(engine, cells)}"
    options = " ".join(f"--map {key}=COLUMN" for key in keys)
    return Problem(
        f"no column was recognised as the {' or the '.join(keys)}{also}",
        file,
        fix=f"name {'it' if len(keys) == 1 else 'them'} with {options}; {columns}",
    )


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
        return f"{name!r} contains spreadsheet day numbers ({found}): give the column a date format and save it"
    if _CLOCK.fullmatch(found.strip()):
        return f"{name!r} contains times of day without a date ({found}): join them, --map time=DATE+TIME"
    return f"{name!r} contains no readable times (such as {found[:40]!r})"


def _only_numbers(engine: Engine, cells: Cells) -> str | None:
    """Which columns hold numbers that may be times, or ids; None where there are none."""
    found = numbers(engine, cells)
    shown = ", ".join(map(repr, found[:3]))
    what = "holds numbers that may be times or ids" if len(found) == 1 else "hold numbers that may be times or ids"
    return f"{shown} {what}" if found else None


def _by_place(engine: Engine, cells: Cells) -> str:
    """The columns of a table without a header, each with a value, so that people know which is which."""
    row = next(iter(engine.rows(f"SELECT * FROM {quote(cells.view)} LIMIT 1")), ())
    shown = list(zip(cells.columns, row, strict=False))[:SHOWN]
    return "its columns are: " + ", ".join(f"{name} ({str(value)[:30]!r})" for name, value in shown)
