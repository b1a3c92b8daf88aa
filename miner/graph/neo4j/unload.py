"""A workspace out of a database, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from miner.errors import UsageError
from miner.graph.neo4j import statements
from miner.graph.neo4j.database import Database
from miner.graph.neo4j.foreign import ROWS, Say, hanging, warn
from miner.graph.neo4j.login import Login
from miner.graph.neo4j.statements import BATCH, LABELS, MARKERS, WORKSPACE

Progress = Callable[[int, int, str], None]
_NAMES = f"MATCH (w:{WORKSPACE}) RETURN w.id AS id ORDER BY id"


def unload(
    name: str,
    login: Login,
    progress: Progress = lambda done, total, unit: None,
    say: Say = lambda text: None,
) -> int:
    """Remove one workspace from a database, and nothing else; gives the number of nodes removed.

    `say` is told first what others added to its nodes, which goes with them. Raises UsageError where no workspace
    of that name is there, ServerError where the server fails; the same call goes on from where it stopped.
    """
    removed = 0

    def count(counters: Any) -> None:
        nonlocal removed
        removed += counters.nodes_deleted

    with Database(login) as database:
        known = [row["id"] for row in database.read(_NAMES)]
        if name not in known:
            raise UsageError(f"{login} holds no workspace {name!r}", fix=f"there are: {', '.join(known) or 'none'}")
        for label in LABELS:
            warn(say, label, None, hanging(database, name, label))
        markers = [row["id"] for row in database.read(MARKERS, {"name": name})]
        delete = statements.delete_batch()
        for done, batch in enumerate(markers):
            database.write(delete, {"batch": batch, "workspace": name}, count)
            progress(done + 1, len(markers), "batches")
        # What no marker leads to: shared nodes, and the remains of a version that marked in another way.
        for label in (*reversed(LABELS), BATCH):
            before = -1
            while before != removed:
                before = removed
                database.write(statements.delete_some(label), {"workspace": name, "some": ROWS}, count)
        database.write(statements.delete_some(WORKSPACE), {"workspace": name, "some": 1}, count)
    return removed
