"""What `miner export` writes besides tables: the graph for other programs, guides, measures of the teams."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from miner.errors import UsageError

if TYPE_CHECKING:
    from miner.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """The options of one export; None where one was not given."""

    workspace: Path
    form: str | None = None
    output: Path | None = None
    detail: str | None = None
    write_back: bool = False
    within: str | None = None

    def refuse(self, what: str, *options: str) -> None:
        """Raise UsageError for options that mean nothing to this export."""
        names = {"form": "--format", "detail": "--detail", "write_back": "--write-back", "within": "--within"}
        given = [names[option] for option in options if getattr(self, option)]
        if given:
            raise UsageError(f"{' and '.join(given)} does not apply to {what}", fix=f"leave out {' and '.join(given)}")


def _graphml(options: ExportOptions) -> None:
    from miner.graph.export import write_graphml
    from miner.workspace import Workspace

    options.refuse("graphml", "form", "write_back", "within")
    target = options.output or Path("graph.graphml")
    write_graphml(Workspace.open(options.workspace), target, options.detail or "visits")
    _say(target)


def _gexf(options: ExportOptions) -> None:
    from miner.graph.export import write_gexf
    from miner.workspace import Workspace

    options.refuse("gexf", "form", "write_back", "within")
    target = options.output or Path("graph.gexf")
    write_gexf(Workspace.open(options.workspace), target, options.detail or "visits")
    _say(target)


def _edges(options: ExportOptions) -> None:
    from miner.graph.export import write_edges
    from miner.workspace import Workspace

    options.refuse("edges", "write_back", "within")
    opened = Workspace.open(options.workspace)
    for path in write_edges(opened, _folder(options, "edges"), options.form or "parquet", options.detail or "events"):
        _say(path)


def _neo4j_browser(options: ExportOptions) -> None:
    from miner.graph.export import write_browser_guide

    options.refuse("neo4j-browser", "form", "detail", "write_back")
    folder = _folder(options, "neo4j-browser")
    write_browser_guide(folder, options.within)
    _say(folder / "README.md")


def _neodash(options: ExportOptions) -> None:
    from miner.graph.export import dashboard

    options.refuse("neodash", "form", "detail", "write_back")
    target = options.output or Path("neodash.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(dashboard(options.within), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _say(target)


def _team_measures(options: ExportOptions) -> None:
    from miner.events.export import write_table
    from miner.graph import measured
    from miner.graph.centrality import team_measures
    from miner.workspace import Workspace

    options.refuse("team-measures", "detail", "within")
    opened, form = Workspace.open(options.workspace), options.form or "csv"
    measures = team_measures(opened)
    if options.write_back:
        _say(measured.save(opened, measures))
        _rebuild(opened)
    if options.output or not options.write_back:
        target = options.output or Path(f"{measured.TABLE}.{form}")
        with tempfile.TemporaryDirectory() as folder:
            aside = Workspace(folder)
            aside.write(f"tables/{measured.TABLE}.parquet", lambda draft: measures.to_parquet(draft, index=False))
            write_table(aside, measured.TABLE, form, target)
        _say(target)


def _rebuild(opened: Workspace) -> None:
    """The embedded graph anew, with the same detail as before; there may be none."""
    from miner.graph import EmbeddedGraph, build

    if opened.graph_path.is_file():
        with EmbeddedGraph.open(opened) as graph:
            level = graph.level
            agents = bool(graph.run("MATCH (a:Agent) RETURN a.id AS id LIMIT 1").rows)
        _say(build(opened, level, agents))


def _folder(options: ExportOptions, name: str) -> Path:
    folder = options.output or Path(name)
    if folder.is_file():
        raise UsageError(f"{folder} is a file", fix="give -o FOLDER/")
    return folder


def _say(path: Path) -> None:
    typer.echo(str(path), err=True)


EXPORTS: dict[str, Callable[[ExportOptions], None]] = {
    "graphml": _graphml,
    "gexf": _gexf,
    "edges": _edges,
    "team-measures": _team_measures,
    "neo4j-browser": _neo4j_browser,
    "neodash": _neodash,
}
