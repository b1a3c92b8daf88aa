"""Where readers put what they read: columns, flushed to the engine in batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Unpack

from miner.events.engine import Engine
from miner.events.notes import Note, NoteKind
from miner.events.schema import RAW_EVENTS, RAW_INTERACTIONS, RAW_REFERENCES, Event, Interaction, Reference
from miner.events.values import opening_mark

BATCH = 50_000
EXAMPLES = 5
_OPENINGS = {"interaction_id": "VARCHAR", "mark": "VARCHAR"}  # of the customer's first words (values.opening_mark)
_TABLES = {
    "raw_events": RAW_EVENTS,
    "raw_interactions": RAW_INTERACTIONS,
    "raw_references": RAW_REFERENCES,
    "raw_openings": _OPENINGS,
}
_ARROW = {"VARCHAR": "string", "BOOLEAN": "bool_", "BIGINT": "int64", "INTEGER": "int32", "DOUBLE": "float64"}
_REJECTS = {"source": "VARCHAR", "line": "BIGINT", "column": "VARCHAR", "value": "VARCHAR", "reason": "VARCHAR"}


class Columns:
    """Rows of one engine table on their way in, held as columns."""

    def __init__(self, engine: Engine, table: str, types: dict[str, str]):
        self._engine, self._table, self._types = engine, table, types
        self._rows: dict[str, list[Any]] = {name: [] for name in types}
        self._count = 0

    def add(self, values: Mapping[str, object]) -> None:
        """Append a row; absent columns are null, unknown ones are a KeyError."""
        for name in values.keys() - self._types.keys():
            raise KeyError(f"no column {name!r} in {self._table}")
        for name, column in self._rows.items():
            column.append(values.get(name))
        self._count += 1
        if self._count >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Hand the waiting rows to the engine."""
        import pyarrow as pa

        if self._count:
            batch = pa.table({n: pa.array(v, getattr(pa, _ARROW[self._types[n]])()) for n, v in self._rows.items()})
            self._engine.insert_arrow(self._table, batch)
            self._rows = {name: [] for name in self._types}
            self._count = 0


class Sink:
    """Collects events, interactions, references, rejects and notes of all sources.

    A reader calls `event`, `interaction`, `refer`, `reject` and `note`; `source`, `source_no`
    are filled in by `begin`. Wide tabular readers may insert into `raw_events` by SQL instead.
    """

    def __init__(self, engine: Engine, told: Callable[[int], None] | None = None, keep_text: bool = False):
        self.engine, self.keep_text = engine, keep_text
        self._told, self._begun = told, 0
        self.notes: list[Note] = []
        self.rejected: Counter[str] = Counter()
        self.source, self.source_no = "", -1
        for table, types in {**_TABLES, "rejects": _REJECTS}.items():
            engine.create(table, types)
        self._events = Columns(engine, "raw_events", RAW_EVENTS)
        self._interactions = Columns(engine, "raw_interactions", RAW_INTERACTIONS)
        self._references = Columns(engine, "raw_references", RAW_REFERENCES)
        self._rejects = Columns(engine, "rejects", _REJECTS)
        self._openings = Columns(engine, "raw_openings", _OPENINGS)
        self._opened: str | None = None

    def begin(self, source: str) -> None:
        """Start a source file: what follows belongs to it."""
        self.source, self.source_no = source, self.source_no + 1

    def event(self, **values: Unpack[Event]) -> None:
        """One event. Without `ended_us` a point; `text` is dropped unless asked for."""
        if values.get("text") and values.get("actor_type") == "customer":
            self._open(values)
        if not self.keep_text:
            values.pop("text", None)
        if values.get("ended_us") is None:
            values["ended_us"] = values["started_us"]
        self._events.add({"source": self.source, "source_no": self.source_no, **values})
        if (self._begun + 1) % 1_000:
            self._begun += 1
        else:
            self.count(1)

    def _open(self, values: Event) -> None:
        """Keep the mark of the first words of an interaction; its events come one after the other."""
        if values["interaction_id"] != self._opened:
            self._opened = values["interaction_id"]
            self._openings.add({"interaction_id": self._opened, "mark": opening_mark(values["text"])})

    def count(self, events: int) -> None:
        """So many more events have been read, by `event` or by SQL; tells who listens."""
        self._begun += events
        if self._told:
            self._told(self._begun)

    def interaction(self, **values: Unpack[Interaction]) -> None:
        """What the source says of an interaction itself."""
        self._interactions.add(values)

    def refer(self, interaction_id: str, refers_to: str, basis: str, same: bool = False) -> None:
        """An explicit reference of one interaction to another; `same`: both are one call or thread of one system."""
        row: Reference = {"interaction_id": interaction_id, "refers_to": refers_to, "basis": basis, "same": same}
        self._references.add(row)

    def declare(self, source: str, kind: str) -> None:
        """All interactions of a source that has been read are of this kind, whatever its reader says."""
        self.flush()
        found = "SELECT DISTINCT interaction_id FROM raw_events WHERE source = ?"
        self.engine.run(f"UPDATE raw_interactions SET kind = NULL WHERE interaction_id IN ({found})", [source])
        self.engine.run(
            f"INSERT INTO raw_interactions BY NAME SELECT interaction_id, ? AS kind FROM ({found})", [kind, source]
        )

    def reject(self, line: int | None, column: str | None, value: object, reason: str) -> None:
        """A row (or record) that is left out, with where and why."""
        text = None if value is None else str(value)[:200]
        self._rejects.add({"source": self.source, "line": line, "column": column, "value": text, "reason": reason})
        self.rejected[self.source] += 1

    def note(self, kind: NoteKind, message: str, count: int = 1, example: object = None) -> None:
        """Count something worth saying; equal (kind, message) of one source add up."""
        message = f"{self.source}: {message}"
        found = next((n for n in self.notes if n.kind == kind and n.message == message), None)
        if found is None:
            found = Note(kind, message)
            self.notes.append(found)
        found.count += count
        if example is not None and len(found.examples) < EXAMPLES:
            found.examples.append(str(example)[:200])

    def forget(self, source: str) -> None:
        """Take back the rejects and notes of a source that turned out not to be one; it must have given no event."""
        self.flush()
        self.engine.run("DELETE FROM rejects WHERE source = ?", [source])
        self.rejected.pop(source, None)
        self.notes = [note for note in self.notes if not note.message.startswith(f"{source}: ")]

    def flush(self) -> None:
        """Hand everything that waits to the engine; call once at the end of a source."""
        for columns in (self._events, self._interactions, self._references, self._rejects, self._openings):
            columns.flush()
