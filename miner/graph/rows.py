"""What a query gives back, and the one thing a graph must be able to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

DEFAULT_TIMEOUT = 30.0
DEFAULT_LIMIT = 10_000


@dataclass(slots=True)
class Rows:
    """Rows of a query: plain values (text, numbers, booleans, null, lists of them) by column.

    `truncated` says that the row limit cut the answer; `notes` are remarks of the engine.
    """

    columns: list[str]
    rows: list[tuple[Any, ...]]
    truncated: bool = False
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def records(self) -> list[dict[str, Any]]:
        """The rows as dicts."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def arrow(self) -> pa.Table:
        """The rows as an Arrow table; values that no one type holds become JSON text."""
        import pyarrow as pa

        values = zip(*self.rows, strict=True) if self.rows else ([] for _ in self.columns)
        return pa.Table.from_arrays([_array(list(column)) for column in values], names=self.columns)

    def pandas(self) -> pd.DataFrame:
        """The rows as a pandas frame."""
        return self.arrow().to_pandas()


class Graph(Protocol):
    """A graph that can be asked: the embedded engine or a server."""

    @property
    def level(self) -> str:
        """How much of the log it holds: teams, visits or events."""
        ...

    @property
    def agents(self) -> bool:
        """True where it says who did each event."""
        ...

    def run(
        self,
        cypher: str,
        params: Mapping[str, Any] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        limit: int | None = DEFAULT_LIMIT,
    ) -> Rows:
        """Run a reading statement; stop after `timeout` seconds, keep at most `limit` rows (None: all)."""
        ...

    def close(self) -> None:
        """Let go of the graph."""
        ...


def _array(values: list[Any]) -> pa.Array:
    import json

    import pyarrow as pa

    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if v is None else json.dumps(v, default=str, ensure_ascii=False) for v in values])
