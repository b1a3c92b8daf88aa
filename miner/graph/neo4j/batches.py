"""A workspace's graph, cut into what one transaction takes: shared nodes, and batches of whole journeys."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from miner.events.engine import Engine, quote
from miner.graph.frames import select
from miner.graph.neo4j.statements import INSIDE, JOURNEY, columns, is_shared, key
from miner.graph.schema.parts import KINDS, Node, Relationship

if TYPE_CHECKING:
    import pyarrow as pa

# Measured: 2,000 events a batch take a fifth less of the server's time than 5,000, which keep its memory busy.
# A batch ends at the first journey after so many events whose hash says so, and at the latest after the second
# number: a journey that comes in between moves the ends of its own batch only, and the others stay what they are.
LEAST, MOST, ODDS = 1_500, 3_000, 64
# Changed whenever the same tables make other nodes or relationships.
FORMAT = 2


@dataclass(frozen=True, slots=True)
class Batch:
    """Whole journeys: the parameters of the statement that makes them; the id says what is in it."""

    id: str
    params: dict[str, Any]
    events: int


class Content:
    """The nodes and relationships of a workspace, as columns."""

    def __init__(self, engine: Engine, parts: Sequence[Node | Relationship], workspace: str):
        self.parts = parts
        self.workspace = workspace
        self._engine = engine
        self.shared = [part for part in parts if is_shared(part)]
        self._within = [part for part in parts if not is_shared(part)]
        self._events: list[int] = []
        if self._within:
            self._events = _cut(engine)
            for part in self._within:
                self._arrange(part)
        self.total = sum(self._events)

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return sum(self.count(part) for part in self.parts if isinstance(part, Node))

    def ids(self, part: Node | Relationship) -> set[tuple[str, ...]]:
        """The ids of a declaration's nodes, or the pairs of ids that its relationships join."""
        names = "id" if isinstance(part, Node) else "src, dst"
        return set(self._engine.rows(f"SELECT {names} FROM ({select(part)})"))

    def count(self, part: Node | Relationship) -> int:
        """How many rows a declaration has; none where it is not declared for this load."""
        return int(self._engine.one(f"SELECT count(*) FROM ({select(part)})")[0]) if part in self.parts else 0

    def rows(self, part: Node | Relationship, size: int) -> Iterator[dict[str, list[Any]]]:
        """The rows of a shared declaration, so many at a time, by column."""
        table = self._engine.sql.sql(f"{select(part)} ORDER BY ALL").to_arrow_table()
        for start in range(0, table.num_rows, size):
            yield {f"{key(part)}_{name}": table.slice(start, size)[name].to_pylist() for name in columns(part)}

    def batches(self) -> Iterator[Batch]:
        """The batches, in order."""
        streams = {part: _Stream(self._engine, key(part)) for part in self._within}
        try:
            for number, events in enumerate(self._events):
                yield self._batch({part: stream.next(number) for part, stream in streams.items()}, events)
        finally:
            for stream in streams.values():
                stream.close()

    def _batch(self, rows: dict[Node | Relationship, pa.Table], events: int) -> Batch:
        params: dict[str, Any] = {}
        places: dict[str, dict[str, int]] = {}
        for part, table in rows.items():
            for name in columns(part):
                params[f"{key(part)}_{name}"] = table[name].to_pylist()
            if isinstance(part, Relationship):
                for side, label in (("src", part.start), ("dst", part.end)):
                    if label not in INSIDE:
                        place, name = places.setdefault(label, {}), f"{key(part)}_{side}"
                        params[name] = [place.setdefault(id_, len(place)) for id_ in params[name]]
        params |= {f"{label}_id": list(place) for label, place in places.items()}
        nodes = sum(table.num_rows for part, table in rows.items() if isinstance(part, Node))
        relationships = sum(table.num_rows for part, table in rows.items() if isinstance(part, Relationship))
        batch = f"{self.workspace}/{digest(params)}"
        params |= {"batch": batch, "workspace": self.workspace, "journeys": params[f"{JOURNEY}_id"]}
        return Batch(batch, params | {"nodes": nodes, "relationships": relationships}, events)

    def _arrange(self, part: Node | Relationship) -> None:
        """A table of the part's rows by batch; a node has its place in the batch, a relationship those of its ends."""
        body = ", ".join(f"CAST({p.sql} AS {KINDS[p.kind]}) AS {quote(p.name)}" for p in part.properties)
        table = quote(f"part {key(part)}")
        if isinstance(part, Node):
            names = f"batch_no, {part.id} AS id{', ' + body if body else ''}"
            self._engine.run(
                f"CREATE TABLE {table} AS SELECT *, row_number() OVER (PARTITION BY batch_no ORDER BY id) - 1 AS place "
                f"FROM (SELECT {names} FROM {part.source} JOIN cut USING (journey_id)) ORDER BY batch_no, place"
            )
            return
        names = "".join(f", r.{quote(p.name)}" for p in part.properties)
        joins, batch, ends = "", "", []
        for side, label, alias in (("src", part.start, "a"), ("dst", part.end, "b")):
            if label in INSIDE:
                joins += f" JOIN {quote(f'part {label}')} {alias} ON {alias}.id = r.{side}"
                batch = batch or f"{alias}.batch_no"
                ends.append(f"{alias}.place AS {side}")
            else:
                ends.append(f"r.{side}")
        self._engine.run(
            f"CREATE TABLE {table} AS SELECT {batch} AS batch_no, {', '.join(ends)}{names} "
            f"FROM ({select(part)}) r{joins} ORDER BY ALL"
        )


def digest(value: Any) -> str:
    """A short name for plain data: the same for the same data, anywhere."""
    import orjson

    return hashlib.blake2b(orjson.dumps([FORMAT, value], option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()


class _Stream:
    """The rows of a part, batch by batch, without holding them all."""

    def __init__(self, engine: Engine, name: str):
        table = quote(f"part {name}")
        self._sizes = dict(engine.rows(f"SELECT batch_no, count(*) FROM {table} GROUP BY batch_no"))
        self._cursor = engine.sql.cursor()
        self._reader = self._cursor.sql(f"SELECT * EXCLUDE (batch_no) FROM {table}").to_arrow_reader(20_000)
        self._left: pa.Table = self._reader.schema.empty_table()

    def next(self, batch: int) -> pa.Table:
        """The rows of the next batch."""
        import pyarrow as pa

        wanted = self._sizes.get(batch, 0)
        while self._left.num_rows < wanted:
            self._left = pa.concat_tables([self._left, pa.Table.from_batches([self._reader.read_next_batch()])])
        taken, self._left = self._left.slice(0, wanted), self._left.slice(wanted)
        return taken

    def close(self) -> None:
        self._cursor.close()


def _cut(engine: Engine) -> list[int]:
    """The table `cut` with each journey's batch; gives the number of events of each batch."""
    import pyarrow as pa

    sizes = [0]
    numbers, journeys = [], []
    for journey, events in engine.rows("SELECT journey_id, events FROM journeys ORDER BY started_at, journey_id"):
        ends = sizes[-1] >= LEAST and zlib.crc32(journey.encode()) % ODDS == 0
        if ends or (sizes[-1] and sizes[-1] + events > MOST):
            sizes.append(0)
        sizes[-1] += events
        journeys.append(journey)
        numbers.append(len(sizes) - 1)
    engine.create("cut", {"journey_id": "VARCHAR", "batch_no": "INTEGER"})
    engine.insert_arrow(
        "cut", pa.table({"journey_id": pa.array(journeys, pa.string()), "batch_no": pa.array(numbers, pa.int32())})
    )
    return sizes if journeys else []
