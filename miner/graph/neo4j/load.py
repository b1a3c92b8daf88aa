"""A workspace into a database: never twice, and from where it stopped."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from miner.errors import UsageError
from miner.graph.frames import TABLES, opened
from miner.graph.neo4j.batches import FORMAT, Content, digest
from miner.graph.neo4j.bulk import Bulk, write_bulk
from miner.graph.neo4j.constraints import ensure
from miner.graph.neo4j.database import Database
from miner.graph.neo4j.foreign import Say
from miner.graph.neo4j.login import Login
from miner.graph.neo4j.statements import WORKSPACE
from miner.graph.neo4j.steps import Steps
from miner.graph.run_options import run_options
from miner.graph.schema import declared
from miner.graph.schema.parts import LEVELS
from miner.workspace import Workspace

Progress = Callable[[int, int, str], None]
_STATE = f"MATCH (w:{WORKSPACE} {{id: $name}}) RETURN w.owner AS owner, w.digest AS digest, w.changing AS changing"
_BEGIN = (
    f"MERGE (w:{WORKSPACE} {{id: $name}}) SET w.workspace = $name, w.owner = $owner, w.detail = $detail, "
    "w.agents = $agents, w.digest = null, w.complete = false"
)
_END = (
    f"MATCH (w:{WORKSPACE} {{id: $name}}) SET w.digest = $digest, w.complete = true, w.changing = null, "
    "w.loaded_ms = timestamp(), w.events = $events, w.nodes = $nodes"
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: batches of journeys made anew, old ones they took the place of, those left as they were."""

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
    say: Say = lambda text: None,
) -> Loaded:
    """Bring the graph of a workspace into a database, so that it is there once, whatever was there of it before.

    `detail` is teams, visits or events. `name` is what the workspace is called in the database (the name of
    its folder); a workspace of that name that another folder loaded is refused unless `replace`. Nothing
    but what was loaded under that name is changed, and what others added to it stays; where one of its nodes has to
    go, `say` is told before what goes with it. `progress` is told how many of how many events are in.
    Raises ServerError; the same call goes on from where it stopped.
    """
    if detail not in LEVELS:
        raise UsageError(f"no level of detail {detail!r}", fix=f"there are: {', '.join(LEVELS)}")
    name = name or name_of(workspace)
    parts = declared(detail, agents)
    # The tables are looked at before the server is.
    tables = [_sum(workspace, table) for table in TABLES]
    whole = digest([FORMAT, detail, agents, repr(parts), tables, run_options(workspace)])
    with Database(login) as database:
        state = _state(database, name, workspace.identity(), replace)
        if state and state["digest"] == whole:
            return Loaded(name, 0, 0, 0, int(workspace.summary.get("events", 0)))
        ensure(database, parts)
        database.write(_BEGIN, {"name": name, "owner": workspace.identity(), "detail": detail, "agents": agents})
        with opened(workspace) as engine:
            # Half of the usual: the batches on their way to the server need memory as well.
            engine.run(f"SET memory_limit = '{os.environ.get('MINER_MEMORY', '512MB')}'")
            content = Content(engine, parts, name)
            steps = Steps(database, content, bool(state and state["changing"]), progress, say)
            made, removed, kept = steps.run(writers)
            database.write(_END, {"name": name, "digest": whole, "events": content.total, "nodes": content.nodes})
    return Loaded(name, made, removed, kept, content.total)


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
    return write_bulk(workspace, folder, name, workspace.identity(), detail, agents, database, progress)


def name_of(workspace: Workspace) -> str:
    """What a workspace is called in a database unless another name is given: the name of its folder."""
    return workspace.path.resolve().name


def _state(database: Database, name: str, owner: str, replace: bool) -> Any:
    """What is loaded under this name: its digest (null where a load has not ended), and whether it was changing."""
    states = database.read(_STATE, {"name": name})
    if states and states[0]["owner"] != owner and not replace:
        raise UsageError(
            f"{database.login} holds a workspace {name!r} that was loaded from another folder",
            fix="choose another name with --name, or replace that workspace with --replace",
        )
    return states[0] if states else None


def _sum(workspace: Workspace, table: str) -> str:
    path = workspace.table_path(table)
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
