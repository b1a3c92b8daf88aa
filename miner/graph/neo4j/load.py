"""A workspace into a database and out of it again: never twice, and from where it stopped."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from miner.errors import UsageError
from miner.graph import measured
from miner.graph.frames import TABLES, opened
from miner.graph.neo4j import statements
from miner.graph.neo4j.batches import FORMAT, Content, digest
from miner.graph.neo4j.bulk import Bulk, write_bulk
from miner.graph.neo4j.constraints import ensure
from miner.graph.neo4j.database import Database
from miner.graph.neo4j.login import Login
from miner.graph.neo4j.statements import BATCH, LABELS, WORKSPACE
from miner.graph.neo4j.writers import write_all
from miner.graph.parts import LEVELS, Node, Relationship
from miner.graph.schema import declared
from miner.workspace import Workspace

Progress = Callable[[int, int, str], None]
# Rows of shared nodes and of their relationships in one transaction.
ROWS = 5_000
_STATE = f"MATCH (w:{WORKSPACE} {{id: $name}}) RETURN w.owner AS owner, w.digest AS digest"
_BEGIN = (
    f"MERGE (w:{WORKSPACE} {{id: $name}}) SET w.workspace = $name, w.owner = $owner, w.detail = $detail, "
    "w.agents = $agents, w.digest = null, w.complete = false"
)
_END = (
    f"MATCH (w:{WORKSPACE} {{id: $name}}) SET w.digest = $digest, w.complete = true, w.loaded_ms = timestamp(), "
    "w.events = $events, w.nodes = $nodes"
)
_MARKERS = f"MATCH (b:{BATCH}) WHERE b.workspace = $name RETURN b.id AS id"
_MARK = f"MERGE (b:{BATCH} {{id: $batch}}) SET b.workspace = $workspace"
_UNMARK = f"UNWIND $batches AS id MATCH (b:{BATCH} {{id: id, workspace: $workspace}}) DELETE b"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: batches of journeys made, removed and left as they were, and the events of the workspace."""

    name: str
    made: int
    removed: int
    kept: int
    events: int

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return bool(self.made or self.removed)


def load(
    workspace: Workspace,
    login: Login,
    detail: str = "events",
    agents: bool = False,
    name: str | None = None,
    writers: int = 2,
    replace: bool = False,
    progress: Progress = lambda done, total, unit: None,
) -> Loaded:
    """Bring the graph of a workspace into a database, so that it is there once, whatever was there of it before.

    `detail` is teams, visits or events. `name` is what the workspace is called in the database (the name of
    its folder); a workspace of that name that another folder loaded is refused unless `replace`. Nothing
    but what was loaded under that name is changed. `progress` is told how many of how many events are in.
    Raises ServerError; the same call goes on from where it stopped.
    """
    if detail not in LEVELS:
        raise UsageError(f"no level of detail {detail!r}", fix=f"there are: {', '.join(LEVELS)}")
    name = name or name_of(workspace)
    parts = declared(detail, agents)
    # The tables are looked at before the server is.
    tables = [_sum(workspace, table) for table in (*TABLES, measured.TABLE)]
    whole = digest([FORMAT, detail, agents, repr(parts), tables])
    with Database(login) as database:
        state = _state(database, name, _owner(workspace), replace)
        if state == whole:
            return Loaded(name, 0, 0, 0, int(workspace.summary.get("events", 0)))
        ensure(database, parts)
        database.write(_BEGIN, {"name": name, "owner": _owner(workspace), "detail": detail, "agents": agents})
        with opened(workspace) as engine:
            # Half of the usual: the batches on their way to the server need memory as well.
            engine.run(f"SET memory_limit = '{os.environ.get('MINER_MEMORY', '512MB')}'")
            content = Content(engine, parts, name)
            done = _Load(database, content, writers, progress).run()
            database.write(_END, {"name": name, "digest": whole, "events": done.events, "nodes": content.nodes})
    return done


def bulk(
    workspace: Workspace,
    folder: Path,
    detail: str = "events",
    agents: bool = False,
    name: str | None = None,
    database: str = "neo4j",
    progress: Progress = lambda done, total, unit: None,
) -> Bulk:
    """Write the graph of a workspace as files for `neo4j-admin database import full` (see `bulk.write_bulk`).

    A `load` of the same after the import writes no journey again; it makes the constraints and the indexes.
    """
    name = name or name_of(workspace)
    return write_bulk(workspace, folder, name, _owner(workspace), detail, agents, database, progress)


def unload(name: str, login: Login, progress: Progress = lambda done, total, unit: None) -> int:
    """Remove one workspace from a database, and nothing else; gives the number of nodes removed.

    Raises UsageError where no workspace of that name is there, ServerError where the server fails;
    the same call goes on from where it stopped.
    """
    removed = 0
    with Database(login) as database:
        if not database.read(_STATE, {"name": name}):
            known = [row["id"] for row in database.read(f"MATCH (w:{WORKSPACE}) RETURN w.id AS id ORDER BY id")]
            raise UsageError(f"{login} holds no workspace {name!r}", fix=f"there are: {', '.join(known) or 'none'}")

        def count(counters: Any) -> None:
            nonlocal removed
            removed += counters.nodes_deleted

        markers = [row["id"] for row in database.read(_MARKERS, {"name": name})]
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


def name_of(workspace: Workspace) -> str:
    """What a workspace is called in a database unless another name is given: the name of its folder."""
    return workspace.path.resolve().name


class _Load:
    """One load, step by step; each step finds out for itself what is left to do."""

    def __init__(self, database: Database, content: Content, writers: int, progress: Progress):
        self._database, self._content, self._writers, self._progress = database, content, writers, progress
        self._name = content.workspace
        self._there = {row["id"] for row in database.read(_MARKERS, {"name": self._name})}

    def run(self) -> Loaded:
        stale = self._stale_shared()
        for part in stale:
            if isinstance(part, Node):
                self._merge(part, statements.merge_nodes(part))
        made, removed, kept = self._journeys()
        for part in stale:
            if isinstance(part, Relationship):
                self._remove_vanished(part)
                self._merge(part, statements.merge_relationships(part))
        for part, marker in stale.items():
            if isinstance(part, Node):
                self._remove_vanished(part)
            self._mark(part, marker)
        self._remove_undeclared()
        return Loaded(self._name, made + len(stale), removed, kept, self._content.total)

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

    def _mark(self, part: Node | Relationship, marker: str | None) -> None:
        old = [batch for batch in self._there if batch.startswith(f"{self._name}/{part.name}/")]
        self._database.write(_UNMARK, {"batches": old, "workspace": self._name})
        if marker:
            self._database.write(_MARK, {"batch": marker, "workspace": self._name})

    def _remove_vanished(self, part: Node | Relationship) -> None:
        names = ["id"] if isinstance(part, Node) else ["src", "dst"]
        wanted: set[tuple[str, ...]] = set()
        for rows in self._content.rows(part, ROWS):
            wanted.update(zip(*(rows[f"{statements.key(part)}_{name}"] for name in names), strict=True))
        found = {tuple(row) for row in self._database.read(statements.ids(part), {"workspace": self._name})}
        self._delete(part, sorted(found - wanted))

    def _remove_undeclared(self) -> None:
        """Shared nodes and relationships of another detail, or of agents that are no longer asked for."""
        there = {batch.rpartition("/")[0] for batch in self._there}
        for part in reversed(declared("events", agents=True)):
            if statements.is_shared(part) and part not in self._content.parts and f"{self._name}/{part.name}" in there:
                found = [tuple(row) for row in self._database.read(statements.ids(part), {"workspace": self._name})]
                self._delete(part, found)
                self._mark(part, None)

    def _delete(self, part: Node | Relationship, gone: list[tuple[Any, ...]]) -> None:
        names = ["id"] if isinstance(part, Node) else ["src", "dst"]
        for start in range(0, len(gone), ROWS):
            columns = zip(*gone[start : start + ROWS], strict=True)
            params = {name: list(column) for name, column in zip(names, columns, strict=True)}
            self._database.write(statements.delete_ids(part), {**params, "workspace": self._name})

    def _journeys(self) -> tuple[int, int, int]:
        """Batches made, removed and kept."""
        content, there = self._content, self._of_journeys()
        wanted = {batch.id for batch in content.batches()} if there else set()
        gone = sorted(there - wanted)
        delete = statements.delete_batch()
        for batch in gone:
            self._database.write(delete, {"batch": batch, "workspace": self._name})
        kept = there & wanted
        done = 0

        def missing() -> Iterator[Any]:
            nonlocal done
            for batch in content.batches():
                if batch.id in kept:
                    done += batch.events
                    self._progress(done, content.total, "events")
                else:
                    yield batch

        def told(batch: Any) -> None:
            nonlocal done
            done += batch.events
            self._progress(done, content.total, "events")

        statement = statements.create_batch(content.parts)
        made = write_all(self._database, statement, missing(), self._writers, told)
        return made, len(gone), len(kept)

    def _of_journeys(self) -> set[str]:
        shared = tuple(f"{self._name}/{part.name}/" for part in declared("events", agents=True))
        return {batch for batch in self._there if not batch.startswith(shared)}


def _state(database: Database, name: str, owner: str, replace: bool) -> str | None:
    """The digest of what is loaded under this name, None where nothing is or a load has not ended."""
    found = database.read(_STATE, {"name": name})
    if found and found[0]["owner"] != owner and not replace:
        raise UsageError(
            f"{database.login} holds a workspace {name!r} that was loaded from another folder",
            fix="give this one another name with --name, or put it in the other's place with --replace",
        )
    return found[0]["digest"] if found else None


def _owner(workspace: Workspace) -> str:
    """Which folder it is, wherever it is moved: a name made at random when it is first loaded."""
    kept = workspace.read_json("identity.json").get("id")
    if not isinstance(kept, str):
        kept = uuid.uuid4().hex
        workspace.write_json("identity.json", {"id": kept})
    return kept


def _sum(workspace: Workspace, table: str) -> str:
    path = workspace.table_path(table)
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
