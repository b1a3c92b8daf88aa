"""One load, step by step; each step finds out for itself what is left to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from miner.graph.neo4j import statements
from miner.graph.neo4j.batches import Batch, Content, digest
from miner.graph.neo4j.database import Database
from miner.graph.neo4j.foreign import ROWS, Say, hanging, warn
from miner.graph.neo4j.statements import BATCH, MARKERS, WORKSPACE
from miner.graph.neo4j.writers import write_all
from miner.graph.schema import declared
from miner.graph.schema.parts import Node, Relationship

Progress = Callable[[int, int, str], None]
_MARK = f"MERGE (b:{BATCH} {{id: $batch}}) SET b.workspace = $workspace"
_UNMARK = f"UNWIND $batches AS id MATCH (b:{BATCH} {{id: id, workspace: $workspace}}) DELETE b"
_CHANGING = f"MATCH (w:{WORKSPACE} {{id: $name}}) SET w.changing = true"


class Steps:
    """The steps of bringing the content of a workspace into a database.

    What changes is renewed in place. Before it is touched its marker goes, so that whoever is stopped on the way
    never takes for whole what is half old and half new; `changing` says that somebody was.
    """

    def __init__(self, database: Database, content: Content, changing: bool, progress: Progress, say: Say):
        self._database, self._content, self._changing = database, content, changing
        self._progress, self._say = progress, say
        self._name = content.workspace
        self._there = {row["id"] for row in database.read(MARKERS, {"name": self._name})}

    def run(self, writers: int) -> tuple[int, int, int]:
        """Batches made, brought up to date or gone, and kept."""
        stale = self._stale_shared()
        for part in stale:
            self._unmark(part)
            if isinstance(part, Node):
                self._merge(part, statements.merge_nodes(part))
        made, removed, unchanged = self._journeys(writers)
        for part in stale:
            if isinstance(part, Relationship):
                self._remove_vanished(part)
                self._merge(part, statements.merge_relationships(part))
        for part, marker in stale.items():
            if isinstance(part, Node):
                self._remove_vanished(part)
            self._database.write(_MARK, {"batch": marker, "workspace": self._name})
        self._remove_undeclared()
        return made + len(stale), removed, unchanged

    def _stale_shared(self) -> dict[Node | Relationship, str]:
        """The shared declarations whose rows are not in yet as they are now, each with its new marker."""
        stale = {}
        for part in self._content.shared:
            rows = digest(list(self._content.rows(part, 1_000_000_000)))
            marker = f"{self._name}/{part.name}/{rows}"
            if marker not in self._there:
                stale[part] = marker
        return stale

    def _merge(self, part: Node | Relationship, statement: str) -> None:
        for rows in self._content.rows(part, ROWS):
            self._database.write(statement, {**rows, "workspace": self._name})

    def _unmark(self, part: Node | Relationship) -> None:
        old = [batch for batch in self._there if batch.startswith(f"{self._name}/{part.name}/")]
        self._remove_markers(old)

    def _remove_markers(self, batches: Iterable[str]) -> None:
        gone = sorted(batches)
        for start in range(0, len(gone), ROWS):
            self._database.write(_UNMARK, {"batches": gone[start : start + ROWS], "workspace": self._name})

    def _remove_vanished(self, *parts: Node | Relationship) -> None:
        """What is there of declarations and no longer in the workspace; said of all before the first goes."""
        vanished = [(part, self._vanished(part)) for part in parts]
        for part, gone in vanished:
            if gone and isinstance(part, Node):
                ids = [each[0] for each in gone]
                warn(self._say, part.label, len(ids), hanging(self._database, self._name, part.label, ids))
        for part, gone in vanished:
            self._delete(part, gone)

    def _vanished(self, part: Node | Relationship) -> list[tuple[Any, ...]]:
        wanted = self._content.ids(part) if part in self._content.parts else set()
        there = {tuple(row) for row in self._database.read(statements.ids(part), {"workspace": self._name})}
        return sorted(there - wanted)

    def _delete(self, part: Node | Relationship, gone: list[tuple[Any, ...]]) -> None:
        names = ["id"] if isinstance(part, Node) else ["src", "dst"]
        for start in range(0, len(gone), ROWS):
            columns = zip(*gone[start : start + ROWS], strict=True)
            params = {name: list(column) for name, column in zip(names, columns, strict=True)}
            self._database.write(statements.delete_ids(part), {**params, "workspace": self._name})

    def _remove_undeclared(self) -> None:
        """Shared nodes and relationships of another detail, or of agents that are no longer asked for."""
        for part in reversed(declared("events", agents=True)):
            if statements.is_shared(part) and part not in self._content.parts:
                self._remove_vanished(part)
                self._unmark(part)

    def _journeys(self, writers: int) -> tuple[int, int, int]:
        """Batches made, brought up to date or gone, and kept."""
        content, there = self._content, self._of_journeys()
        wanted = {batch.id for batch in content.batches()} if there else set()
        gone, unchanged = there - wanted, there & wanted
        if gone:
            self._changing = True
            self._database.write(_CHANGING, {"name": self._name})
            self._remove_markers(gone)
        done = 0

        def written(batch: Batch) -> None:
            nonlocal done
            done += batch.events
            self._progress(done, content.total, "events")

        def missing() -> Iterator[Any]:
            for batch in content.batches():
                if batch.id in unchanged:
                    written(batch)
                else:
                    yield batch

        made = write_all(self._database, content.parts, self._changing, missing(), writers, written)
        self._remove_left()
        return made, len(gone), len(unchanged)

    def _remove_left(self) -> None:
        """Nodes inside journeys that the workspace no longer has: all it has are there, so a count tells."""
        left = []
        for part in declared("events", agents=True):
            if isinstance(part, Node) and part.label in statements.INSIDE:
                there = self._database.read(statements.count(part), {"workspace": self._name})[0]["n"]
                if there > self._content.count(part):
                    left.append(part)
        self._remove_vanished(*left)

    def _of_journeys(self) -> set[str]:
        shared = tuple(f"{self._name}/{part.name}/" for part in declared("events", agents=True))
        return {batch for batch in self._there if not batch.startswith(shared)}
