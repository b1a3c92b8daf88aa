"""Several writers on disjoint batches: none waits for what another holds."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from miner.errors import MinerError
from miner.graph.neo4j.batches import Batch
from miner.graph.neo4j.database import Database
from miner.graph.neo4j.statements import BATCH, create_batch
from miner.graph.neo4j.update import update_batch, update_params
from miner.graph.schema.parts import Node, Relationship

_IS_THERE = f"MATCH (b:{BATCH} {{id: $batch}}) RETURN b.id AS id"
Parts = Sequence[Node | Relationship]
_REFUSED = "Schema.ConstraintValidationFailed"


def write_all(
    database: Database,
    parts: Parts,
    changing: bool,
    batches: Iterable[Batch],
    writers: int,
    tell: Callable[[Batch], None],
) -> int:
    """Write all batches, each in a transaction of its own, and tell of each; gives how many.

    With `changing` something of them may be there already and is brought up to date, by one writer: what an
    interaction leaves and what it comes to may be in two batches.
    The first error of a writer stops all and is raised; what was written is whole.
    """
    writers = 1 if changing else max(1, writers)
    write = _update if changing else _create
    statement = (update_batch if changing else create_batch)(parts)
    waiting: queue.Queue[Batch | None] = queue.Queue(maxsize=writers)
    written: queue.Queue[Batch] = queue.Queue()
    errors: list[BaseException] = []
    stopped = threading.Event()

    def work() -> None:
        while (batch := waiting.get()) is not None:
            try:
                if not stopped.is_set():
                    write(database, parts, statement, batch)
                    written.put(batch)
            except BaseException as error:
                errors.append(error)
                stopped.set()

    threads = [threading.Thread(target=work, name=f"writer {n}", daemon=True) for n in range(writers)]
    for thread in threads:
        thread.start()
    count = 0
    try:
        for batch in batches:
            waiting.put(batch)
            count += _tell(written, tell)
            if stopped.is_set():
                break
    except BaseException:
        stopped.set()
        raise
    finally:
        for _ in threads:
            waiting.put(None)
        for thread in threads:
            thread.join()
    count += _tell(written, tell)
    if errors:
        raise errors[0]
    return count


def _create(database: Database, parts: Parts, statement: str, batch: Batch) -> None:
    """Write a batch once, whatever becomes of the server's answer."""

    def check(counters: Any) -> None:
        nodes, relationships = batch.params["nodes"] + 1, batch.params["relationships"]
        if (counters.nodes_created, counters.relationships_created) != (nodes, relationships):
            raise MinerError(
                f"a batch made {counters.nodes_created} of {nodes} nodes and {counters.relationships_created} of "
                f"{relationships} relationships; it was undone"
            )

    def attempt() -> None:
        from neo4j.exceptions import ClientError

        try:
            database.write_once(statement, batch.params, check)
        except ClientError as error:
            if not (error.code or "").endswith(_REFUSED):
                raise
            # The marker is there: it was written, and only the answer was lost. Else something of it is there.
            if not database.read(_IS_THERE, {"batch": batch.id}):
                _update(database, parts, update_batch(parts), batch)

    database.patiently(attempt)


def _update(database: Database, parts: Parts, statement: str, batch: Batch) -> None:
    """Bring a batch up to date; twice does no harm."""
    database.write(statement, update_params(parts, batch.params))


def _tell(written: queue.Queue[Batch], tell: Callable[[Batch], None]) -> int:
    count = 0
    while True:
        try:
            tell(written.get_nowait())
        except queue.Empty:
            return count
        count += 1
