"""`miner forget`: a person out of a workspace, its graphs and its report, and proof that nothing of them is left."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from miner.errors import Problem, ServerError, UsageError
from miner.events.engine import Engine
from miner.journeys.keys import Reading
from miner.pipeline import stages
from miner.pipeline.job import Job
from miner.pipeline.made import Costs, LoadedGraph, Tables
from miner.pipeline.manifest import saved_settings
from miner.pipeline.progress import Progress, Silent
from miner.pipeline.sources import Sources
from miner.pipeline.summary import headline
from miner.privacy import Pseudonyms, is_pseudonym, load, pending
from miner.privacy.forget import PersonalData, clean_notes, personal_data, remove, traces
from miner.sql import load_saved, save
from miner.sql import run as run_models
from miner.summary import Summary
from miner.workspace import Workspace

if TYPE_CHECKING:
    from miner.graph.neo4j import Found, Login


@dataclass(frozen=True)
class Forgotten:
    """What was taken out, and in which files anything of it still is (none, unless other programs put it there)."""

    gone: PersonalData
    left: list[str]
    searched: int
    copies: tuple[str, ...] = ()  # of the workspace in the database, by the names they were loaded under
    others: tuple[str, ...] = ()  # other workspaces in the database that hold the person, and stay as they are


def forget(
    workspace: Workspace,
    person: str,
    keys: str | None = None,
    server: Login | None = None,
    progress: Progress | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> Forgotten:
    """Take a person out of a workspace, its embedded graph, a Neo4j database, its results and its report.

    `person` is a raw identifier (a customer id, number or address as the sources have it) or a pseudonym. In the
    database every copy of the workspace is found by its identity and keeps its name, detail and agents; `say` is told
    before what others added to nodes that go. Raises UsageError where nobody is called so, or where the keys are not
    those of the workspace; whatever stops it, the same call goes on from there.
    """
    names = _names(workspace, person, keys)
    gone = _all_personal_data(workspace, names, server)
    if not gone.journeys or not gone.customers & names:
        raise UsageError(
            f"no customer {person!r} in workspace {workspace.path}",
            fix="give the identifier as in the source, or the pseudonym from a table",
        )
    pending.begin(workspace, gone)
    remove(workspace, gone)
    clean_notes(workspace, gone)
    _again(workspace, progress or Silent())
    copies: tuple[str, ...] = ()
    search: Found | None = None
    if server is not None:
        try:
            copies, search = _from_server(workspace, server, gone, say)
        except ServerError as error:
            raise _with_command(error, _command(workspace, person, keys, server)) from error
    pending.end(workspace)
    left = list(traces(workspace, gone.words))
    left += [f"{server}: {count:,} (:{kind})" for kind, count in (search.left if search else {}).items()]
    searched = sum(path.is_file() for path in workspace.path.rglob("*"))
    return Forgotten(gone, left, searched, copies, search.others if search else ())


def _all_personal_data(workspace: Workspace, names: set[str], server: Login | None) -> PersonalData:
    """What is the person's in the tables, what an interrupted forgetting left to do, and what only a server has."""
    data, before = personal_data(workspace, names), pending.pending(workspace)
    if not data.journeys and not before.customers & names:
        data = replace(data, journeys=frozenset(), customers=frozenset())
        if server is not None:
            from miner.graph.neo4j import personal_data_in

            journeys, interactions = personal_data_in(server, workspace, names)
            customers = frozenset(names) if journeys else frozenset()
            data = PersonalData(customers, frozenset(interactions), frozenset(journeys))
    return PersonalData(
        data.customers | before.customers,
        data.interactions | before.interactions,
        data.journeys | before.journeys,
        data.shared or before.shared,
    )


def _command(workspace: Workspace, person: str, keys: str | None, server: Login) -> str:
    words = ["miner", "forget", person, "-w", str(workspace.path), "--graph", server.uri]
    words += ["--database", server.database] if server.database else []
    return shlex.join([*words, *(["--keys", keys] if keys else [])])


def _with_command(error: ServerError, command: str) -> ServerError:
    """The same, with the command that finishes what has begun."""
    done = "the person is removed from the workspace, but not yet from the database: when the server is up, finish with"
    return ServerError([Problem(p.what, p.file, p.line, fix=f"{done}: {command}") for p in error.problems])


def _names(workspace: Workspace, person: str, keys: str | None) -> set[str]:
    """What the person can be called in the workspace."""
    options, privacy = workspace.manifest.get("options", {}), workspace.quality.get("privacy", {})
    reading = Reading(options.get("phone_region"))
    forms = {person, reading.key(person)[1], reading.phone(person), reading.email(person)}
    values = {form for form in forms if form}
    if is_pseudonym(person) or privacy.get("identifiers") != "pseudonyms":
        return values
    loaded = load(keys)
    if loaded.fingerprint != privacy.get("keys"):
        raise UsageError(
            f"{workspace.path} was made with other keys ({privacy.get('keys')})",
            fix="pass them with --keys FILE, or give the pseudonym instead of the name",
        )
    return set(Pseudonyms(loaded).customers(values)) | values


def _again(workspace: Workspace, progress: Progress) -> None:
    """Everything that is made of the tables, made again from what is left."""
    from miner.pipeline.results import query
    from miner.report import write

    saved = saved_settings(workspace)
    has_graph = saved.graph == "embedded" and (workspace.path / "graph").exists()
    settings = replace(saved, graph="embedded" if has_graph else "none")
    job = Job(workspace, Sources([], [], settings), progress)
    tables, costs, graph = Tables(workspace), Costs(workspace), LoadedGraph(workspace)
    _measure(workspace)
    models, results = workspace.path / "models", workspace.path / "results"
    done = workspace.manifest.get("stages", {})
    steps: list[tuple[str, Callable[[], object], bool]] = [
        ("cost", lambda: stages.cost(job, tables), (workspace.path / "assumptions.json").exists()),
        ("model", lambda: stages.model(tables), models.exists()),
        ("graph", lambda: _graph(workspace), has_graph),
        ("query", lambda: query(job, costs, graph), "query" in done),
        ("report", lambda: write(workspace), (workspace.path / "report.html").exists()),
    ]
    for name, work, is_there in steps:
        if is_there:
            for folder in {"model": [models], "query": [results]}.get(name, []):
                shutil.rmtree(folder, ignore_errors=True)
            progress.stage(name)
            work()


def _graph(workspace: Workspace) -> None:
    """The embedded graph again, as much of it as there was."""
    from miner.graph.embedded import EmbeddedGraph, build

    with EmbeddedGraph.open(workspace) as graph:
        level, agents = graph.level, graph.agents
    build(workspace, level, agents)


def _measure(workspace: Workspace) -> None:
    """The directly-follows table and the headline counts, from the tables that are left."""
    with Engine() as engine:
        tables = ("journeys", "interactions", "handoffs", "visits", "returns", "pingpongs", "transitions")
        load_saved(engine, workspace, *tables)
        run_models(engine, ["dfg"], given=tables)
        save(engine, workspace, "dfg")
        counts = headline(engine, workspace.summary.get("owner_level"))
    # What was made of links that are no longer known goes.
    workspace.change_summary(cast(Summary, counts), without=("by_probability",))


def _from_server(
    workspace: Workspace, server: Login, gone: PersonalData, say: Callable[[str], None]
) -> tuple[tuple[str, ...], Found]:
    """Every copy of the workspace on a server again; then all of the database is searched for the person."""
    from miner.graph.neo4j import load_copies, search

    copies = load_copies(server, workspace, say)
    return tuple(copies), search(server, copies, gone.words)
