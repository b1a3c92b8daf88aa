"""The header of a query file: its contract with those who run it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from miner.errors import Problem, UsageError

FIELDS = ("title", "question", "params", "returns", "reading")
OPTIONAL = ("index",)
TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (int, float),
    "str": (str,),
    "bool": (bool,),
    "list": (list,),
}
_FIELD = re.compile(r"//\s*(\w+):\s?(.*)")
_PARAM = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*(?P<equals>=\s*)?")
_KIND = re.compile(r"\s*\((?P<type>\w+)(?:,\s*(?P<meaning>[^()]*))?\)\s*(?:,|$)")
_COLUMN = re.compile(r"\s*(?P<name>[A-Za-z_]\w*)\s*(?:\((?P<meaning>[^()]*)\))?\s*(?:,|$)")


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: its type (a key of TYPES), meaning and default; without a default it must be given."""

    name: str
    type: str
    meaning: str
    default: Any = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A returned column and what it means."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Header:
    """What a query file says of itself."""

    title: str
    question: str
    params: tuple[Param, ...]
    returns: tuple[Column, ...]
    reading: str
    index: str | None
    length: int


def parse(text: str, file: str) -> Header:
    """Read the header of a query file; UsageError with all its problems, by file and line."""
    fields, lines, length = _fields(text, file)
    problems = [
        Problem(f"the header has no field {name!r}", file, length + 1, fix=f"add a line: // {name}: …")
        for name in FIELDS
        if not fields.get(name)
    ]
    if problems:
        raise UsageError(problems)
    return Header(
        title=fields["title"],
        question=fields["question"],
        params=_params(fields["params"], file, lines["params"]),
        returns=_columns(fields["returns"], file, lines["returns"]),
        reading=fields["reading"],
        index=fields.get("index"),
        length=length,
    )


def _fields(text: str, file: str) -> tuple[dict[str, str], dict[str, int], int]:
    fields: dict[str, str] = {}
    lines: dict[str, int] = {}
    key, length = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        match = _FIELD.fullmatch(line)
        if line.startswith("//  ") and key:
            fields[key] = f"{fields[key]} {line[2:].strip()}".strip()
        elif match and match[1] in (*FIELDS, *OPTIONAL):
            key = match[1]
            if key in fields:
                raise UsageError(
                    Problem(f"the header has the field {key!r} twice", file, number, fix="keep one of them")
                )
            fields[key], lines[key] = match[2].strip(), number
        elif match:
            known = ", ".join((*FIELDS, *OPTIONAL))
            raise UsageError(Problem(f"no field {match[1]!r} in a header", file, number, fix=f"fields: {known}"))
        else:
            break  # a remark on the query itself
        length = number
    return fields, lines, length


def _params(text: str, file: str, line: int) -> tuple[Param, ...]:
    if text == "none":
        return ()
    params: list[Param] = []
    at = 0
    while at < len(text):
        param, at = _param(text, at, file, line)
        if any(param.name == other.name for other in params):
            raise UsageError(Problem(f"parameter {param.name!r} is declared twice", file, line, fix="keep one of them"))
        params.append(param)
    return tuple(params)


def _param(text: str, at: int, file: str, line: int) -> tuple[Param, int]:
    how = Problem(
        f"cannot read a parameter from {text[at : at + 40]!r}",
        file,
        line,
        fix="write: name = default (type, meaning); no default where it must be given; none if there are none",
    )
    match = _PARAM.match(text, at)
    if not match:
        raise UsageError(how)
    default, at = None, match.end()
    if match["equals"]:
        try:
            default, at = json.JSONDecoder().raw_decode(text, at)
        except ValueError as error:
            raise UsageError(how) from error
    kind = _KIND.match(text, at)
    if not kind or kind["type"] not in TYPES:
        raise UsageError(how)
    param = Param(match["name"], kind["type"], (kind["meaning"] or "").strip(), default, not match["equals"])
    if default is not None and not fits(param, default):
        raise UsageError(
            Problem(
                f"the default of {param.name!r} is not of type {param.type}",
                file,
                line,
                fix=f"write a value of type {param.type}, or change the type",
            )
        )
    end = kind.end()
    return param, end + len(text[end:]) - len(text[end:].lstrip())


def _columns(text: str, file: str, line: int) -> tuple[Column, ...]:
    columns: list[Column] = []
    at = 0
    while at < len(text):
        match = _COLUMN.match(text, at)
        if not match:
            raise UsageError(
                Problem(
                    f"cannot read a column from {text[at : at + 40]!r}",
                    file,
                    line,
                    fix="write: name (meaning), name (meaning)",
                )
            )
        if any(match["name"] == other.name for other in columns):
            raise UsageError(Problem(f"column {match['name']!r} is declared twice", file, line, fix="keep one of them"))
        columns.append(Column(match["name"], (match["meaning"] or "").strip()))
        at = match.end()
    return tuple(columns)


def fits(param: Param, value: Any) -> bool:
    """True where a value is of the parameter's type."""
    if isinstance(value, bool) and param.type != "bool":
        return False
    return isinstance(value, TYPES[param.type])
