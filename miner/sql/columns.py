"""The columns of a header: name, type, unit and meaning, and how each is named and computed where it is saved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from miner.errors import Problem

if TYPE_CHECKING:
    import pyarrow as pa

# Type → its type in the engine. Times, durations and money are integers there: microseconds and millionths.
TYPES = {
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "int64[]": "BIGINT[]",
    "string[]": "VARCHAR[]",
    "string[][]": "VARCHAR[][]",
    "timestamp": "BIGINT",
    "seconds": "BIGINT",
    "money": "BIGINT",
}
# Type → how its column ends in the engine and in a file, and the SQL from one to the other.
_ENDINGS = {
    "timestamp": ("_us", "_at", "make_timestamp({})", "epoch_us({})"),
    "seconds": ("_us", "_s", "{} / 1e6", "CAST(round({} * 1e6) AS BIGINT)"),
    "money": ("_um", "_money", "{} / 1e6", "CAST(round({} * 1e6) AS BIGINT)"),
}
_IN_PARQUET = {"timestamp": "timestamp[us]", "seconds": "double", "money": "double"}
_LISTS = {"string[]": "list<element: string>", "string[][]": "list<element: list<element: string>>"}
_COLUMN = re.compile(
    r"(?P<name>[a-z_]\w*) (?P<type>[\w\[\]]+)(?: \[(?P<unit>[^\]]+)\])?(?: = (?P<sql>.+?))?: (?P<meaning>.+)"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `sql` computes the saved one where it is not the engine's own under its saved name."""

    name: str
    type: str
    unit: str | None
    meaning: str
    sql: str | None = None

    @property
    def saved_name(self) -> str:
        """What it is called in a file: `started_us` is `started_at`, `wait_us` is `wait_s`."""
        if self.sql or self.type not in _ENDINGS:
            return self.name
        inside, outside, _, _ = _ENDINGS[self.type]
        return self.name.removesuffix(inside) + outside

    @property
    def engine_type(self) -> str:
        """Its type in the engine."""
        return TYPES[self.type]

    @property
    def saved_type(self) -> str:
        """Its type in a file, as Arrow calls it."""
        return {**_IN_PARQUET, **_LISTS}.get(self.type, self.type)

    def arrow_field(self) -> pa.Field:
        """It as a field of an Arrow schema, with its type in the engine."""
        import pyarrow as pa

        kind, lists = TYPES[self.type].partition("[")[0], self.type.count("[]")
        found = {
            "VARCHAR": pa.string(),
            "BOOLEAN": pa.bool_(),
            "INTEGER": pa.int32(),
            "BIGINT": pa.int64(),
            "DOUBLE": pa.float64(),
        }[kind]
        for _ in range(lists):
            found = pa.list_(found)
        return pa.field(self.name, found)

    def save_sql(self, table: str) -> str:
        """SQL for the saved column."""
        if self.sql:
            return f'{self.sql} AS "{self.name}"'
        if self.type in _ENDINGS:
            return f"{_ENDINGS[self.type][2].format(self.name)} AS {self.saved_name}"
        return f"{table}.{self.name}"

    def load_sql(self) -> str | None:
        """SQL for the engine's column over a file; None where they are the same."""
        if self.sql:
            return f'"{self.name}" AS {self.sql}' if self.sql.isidentifier() else None
        if self.type in _ENDINGS:
            return f"{_ENDINGS[self.type][3].format(self.saved_name)} AS {self.name}"
        return None

    def null_sql(self) -> str:
        """SQL for the engine's column where a file does not have it."""
        return f'CAST(NULL AS {self.engine_type}) AS "{self.name}"'


def read_columns(lines: Sequence[tuple[int, str]], file: str, problems: list[Problem]) -> tuple[Column, ...]:
    """The columns of a field's lines; what cannot be read becomes a problem."""
    found = []
    for number, text in _whole(lines):
        match = _COLUMN.fullmatch(text)
        if not match or match["type"] not in TYPES:
            how = f"write: name type: meaning; types: {', '.join(TYPES)}; [unit] and = SQL may come before the colon"
            problems.append(Problem(f"cannot read a column from {text[:60]!r}", file, number, fix=how))
            continue
        column = Column(match["name"], match["type"], match["unit"], match["meaning"], match["sql"])
        ending = _ENDINGS.get(column.type, ("",))[0]
        if not column.sql and not column.name.endswith(ending):
            fix = f"call it {column.name}{ending}, or change the type"
            problems.append(Problem(f"a column of type {column.type} ends with {ending}", file, number, fix=fix))
        found.append(column)
    return tuple(found)


def _whole(lines: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The columns with the lines that go on: those are indented further."""
    whole: list[tuple[int, str]] = []
    for number, line in lines:
        if line.startswith(" ") and whole:
            whole[-1] = (whole[-1][0], f"{whole[-1][1]} {line.strip()}")
        else:
            whole.append((number, line.strip()))
    return whole
