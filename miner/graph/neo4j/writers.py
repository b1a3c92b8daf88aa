"""Several writers on disjoint batches: none waits for what another holds."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any

from miner.errors import MinerError
from miner.graph.neo4j.batches import Batch
from miner.graph.neo4j.database import Database
from miner.graph.neo4j.statements import BATCH

_IS_THERE = f"MATCH (b:{BATCH} {{id: $batch}}) RETURN b.id AS id"
_REFUSED = "Schema.ConstraintValidationFailed"


def write_all(
    database: Database, statement: str, batches: Iterable[Batch], writers: int, told: Callable[[Batch], None]
) -> int:
    """Write all batches, each in a transaction of its own, and tell of each; gives how many.

    The first error of a writer stops all and is raised; what was written is whole.
    """
    waiting: queue.Queue[Batch | None] = queue.Queue(maxsize=max(1, writers))
    written: queue.Queue[Batch] = queue.Queue()
    errors: list[BaseException] = []
    stopped = threading.Event()

    def work() -> None:
        while (batch := waiting.get()) is not None:
            try:
                if not stopped.is_set():
                    write(database, statement, batch)
                    written.put(batch)
            except BaseException as error:
                errors.append(error)
                stopped.set()

    threads = [threading.Thread(target=work, name=f"writer {n}", daemon=True) for n in range(max(1, writers))]
    for thread in threads:
        thread.start()
    count = 0
    try:
        for batch in batches:
            waiting.put(batch)
            count += _tell(written, told)
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
    count += _tell(written, told)
    if errors:
        raise errors[0]
    return count


def write(database: Database, statement: str, batch: Batch) -> None:
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
            # The marker is there: it was written, and only the answer was lost.
            if not (error.code or "").endswith(_REFUSED) or not database.read(_IS_THERE, {"batch": batch.id}):
                raise

    database.patiently(attempt)


def _tell(written: queue.Queue[Batch], told: Callable[[Batch], None]) -> int:
    count = 0
    while True:
        try:
            told(written.get_nowait())
        except queue.Empty:
            return count
        count += 1
