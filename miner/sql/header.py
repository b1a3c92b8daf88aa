"""The header of a model: its only declaration, read from the comment on top of its file and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from miner.errors import Problem, UsageError
from miner.sql.columns import Column, read_columns
from miner.sql.tables_read import tables_read

FIELDS = ("table", "definition", "reads", "grain", "saved", "order", "columns", "unsaved")
_END = ""  # stands for the last line of a header
_FIELD = re.compile(r"--\s(\w+):\s?(.*)")
_SAVED = re.compile(r"yes|no|into \w+")
_KEY = re.compile(r"(?P<column>\w+)(?: DESC)?(?: NULLS (?:FIRST|LAST))?")


@dataclass(frozen=True, slots=True)
class Model:
    """What a file says of the table it makes; an input, which the program fills, has no `body`.

    `columns` are saved, in their order, where `saved_in` names the Parquet file; `unsaved` are only in the engine.
    `grain` are the columns that identify a row, `order` sorts the saved rows.
    """

    table: str
    definition: str
    reads: tuple[str, ...]
    grain: tuple[str, ...]
    saved_in: str | None
    order: str
    columns: tuple[Column, ...]
    unsaved: tuple[Column, ...]
    body: str
    file: str
    first_line: int  # of the body

    @property
    def is_input(self) -> bool:
        """True where the program fills the table."""
        return not self.body

    @property
    def is_saved(self) -> bool:
        """True where the table is a Parquet file of its own."""
        return self.saved_in == self.table

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The columns of the table in the engine, in the order of the header."""
        return (*self.columns, *self.unsaved)


def parse(text: str, file: str) -> Model:
    """The model of a file; UsageError with all that is wrong with its header, by file and line."""
    fields, lines, problems = _fields(text.splitlines(), file)
    body = _body(text)

    def problem(name: str, what: str, fix: str) -> None:
        problems.append(Problem(what, file, lines.get(name, lines.get(_END, 0) + 1), fix=fix))

    required = ["table", "definition", "grain", "columns", *(["reads", "saved"] if body else [])]
    for name in required:
        if not fields.get(name):
            problem(name, f"the header has no field {name!r}", f"add a line: -- {name}: …")
    columns = read_columns(fields.get("columns", ()), file, problems)
    unsaved = read_columns(fields.get("unsaved", ()), file, problems)
    model = Model(
        table=_joined(fields, "table"),
        definition=_joined(fields, "definition"),
        reads=_names(fields, "reads"),
        grain=_names(fields, "grain"),
        saved_in=_saved_in(_joined(fields, "saved"), _joined(fields, "table")),
        order=_joined(fields, "order"),
        columns=columns,
        unsaved=unsaved,
        body=body,
        file=file,
        first_line=text[: text.find(body)].count("\n") + 1 if body else 0,
    )
    if not problems:
        _check(model, _joined(fields, "saved"), problem)
    if problems:
        raise UsageError(problems)
    return model


_Lines = list[tuple[int, str]]


def _fields(lines: list[str], file: str) -> tuple[dict[str, _Lines], dict[str, int], list[Problem]]:
    """The lines of each field with their numbers, the line each begins on, and what is no field."""
    fields: dict[str, _Lines] = {}
    begins: dict[str, int] = {}
    problems: list[Problem] = []
    key = ""
    for number, line in enumerate(lines, start=1):
        match = _FIELD.fullmatch(line)
        if line.startswith("--   ") and key:
            fields[key].append((number, line[5:].rstrip()))
        elif match and match[1] in FIELDS:
            key = match[1]
            if key in fields:
                problems.append(
                    Problem(f"the header has the field {key!r} twice", file, number, fix="keep one of them")
                )
            fields[key] = [(number, match[2].strip())] if match[2].strip() else []
            begins.setdefault(key, number)
        elif match:
            fix = f"fields: {', '.join(FIELDS)}; remarks come after an empty line of the comment (--)"
            problems.append(Problem(f"no field {match[1]!r} in a header", file, number, fix=fix))
        else:
            break  # remarks, or the statement
        begins[_END] = number
    return fields, begins, problems


def _body(text: str) -> str:
    """The statement below the comment, "" where there is none."""
    lines = text.splitlines(keepends=True)
    first = next((at for at, line in enumerate(lines) if line.strip() and not line.startswith("--")), len(lines))
    return "".join(lines[first:]).rstrip()


def _joined(fields: dict[str, _Lines], name: str) -> str:
    return " ".join(line.strip() for _, line in fields.get(name, ()))


def _names(fields: dict[str, _Lines], name: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in _joined(fields, name).split(",") if word.strip())


def _saved_in(saved: str, table: str) -> str | None:
    return {"yes": table, "no": None, "": None}.get(saved, saved.removeprefix("into "))


def _check(model: Model, saved: str, problem: object) -> None:
    """Note what in a header does not fit the rest of the file."""
    assert callable(problem)
    stem = model.file.rpartition("/")[2].removesuffix(".sql")
    if stem != model.table:
        problem("table", f"the file makes the table {model.table!r}", f"rename it to {model.table}.sql")
    if saved and not _SAVED.fullmatch(saved):
        problem("saved", f"cannot read {saved!r}", "write: yes, no, or into TABLE")
    names = [column.name for column in model.all_columns]
    for name in sorted({name for name in names if names.count(name) > 1}):
        problem("columns", f"column {name!r} is declared twice", "keep one of them")
    for name in model.grain:
        if name not in names:
            problem("grain", f"no column {name!r}", f"columns: {', '.join(names)}")
    if model.is_saved and model.body and not model.order:
        problem("order", "a saved table has an order of rows", "add a line: -- order: columns")
    for key in filter(None, (key.strip() for key in model.order.split(","))):
        match = _KEY.fullmatch(key)
        if not match or match["column"] not in names:
            problem("order", f"cannot sort by {key!r}", "write: column, or column DESC NULLS FIRST")
    for name in sorted(tables_read(model.body) - set(model.reads)):
        problem("reads", f"the statement reads {name!r}, which is not declared", f"add it: -- reads: …, {name}")
    for name in sorted(set(model.reads) - tables_read(model.body)):
        problem("reads", f"the statement does not read {name!r}", "take it out of: -- reads")
