"""interaction-miner: journeys across systems, where they are handed around, and what it costs.

Ten names:

- `run` makes a workspace from exports, with the options of `Settings`; `open` opens one (`Workspace`),
  whose `table` and `arrow` give any table as pandas or Arrow;
- `query` asks its graph, `show_map` draws its map in a notebook (its `source` gives a `graphviz.Source`), `to_networkx`
  hands the graph on;
- `MinerError` is the base of `InputError`, `UsageError` and `ServerError`, whose message says what is wrong,
  where, and what to do.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from miner.errors import InputError, MinerError, ServerError, UsageError
from miner.workspace import Workspace

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from miner.pipeline.settings import Settings
    from miner.report import MapPicture

__all__ = [
    "InputError",
    "MinerError",
    "ServerError",
    "Settings",
    "UsageError",
    "Workspace",
    "open",
    "query",
    "run",
    "show_map",
    "to_networkx",
]

Place = Workspace | str | os.PathLike[str]


def open(workspace: str | os.PathLike[str]) -> Workspace:
    """Open a workspace that `run` or the command line made; UsageError where there is none."""
    return Workspace.open(workspace)


def run(*sources: str | os.PathLike[str], workspace: str | os.PathLike[str] = "workspace", **options: Any) -> Workspace:
    """Read exports into a workspace and open it.

    `options` are those of `Settings` (columns, tz, dayfirst, silos, journeys, window, graph, until …).
    Raises InputError where a source cannot be read, and writes nothing then.
    """
    from miner.pipeline import Settings
    from miner.pipeline import run as run_pipeline

    return run_pipeline([os.fspath(source) for source in sources], os.fspath(workspace), Settings(**options))


def query(workspace: Place, name_or_cypher: str, /, **params: Any) -> pd.DataFrame:
    """Ask a workspace's graph, by the name of a library query or in Cypher; all rows as a pandas frame.

    `params` are those of the query. Only reading is possible, and a query stops after 30 seconds.
    UsageError says what is wrong with a query, or which names are near.
    """
    from miner.graph import ask_library
    from miner.graph.embedded import MEMORY, EmbeddedGraph

    is_cypher = any(sign in name_or_cypher for sign in " \n\t(")
    with EmbeddedGraph.open(_opened(workspace), memory=MEMORY if is_cypher else None) as graph:
        if is_cypher:
            return graph.run(name_or_cypher, params, limit=None).pandas()
        return ask_library(graph, name_or_cypher, params, limit=None).pandas()


def show_map(workspace: Place, **what: Any) -> MapPicture:
    """The map of a workspace as a picture that a notebook shows, and with `source()` as a `graphviz.Source`.

    Options are those of `miner.report.show_map` (kind, show, activities, paths).
    """
    from miner.report import show_map as draw

    return draw(_opened(workspace), **what)


def to_networkx(workspace: Place, level: str = "visits", agents: bool = False) -> nx.MultiDiGraph[Any]:
    """The graph of a workspace as a networkx MultiDiGraph; `level` is teams, visits or events.

    A node is `(label, id)` with its properties as attributes; an edge's key is its type.
    """
    from miner.graph import to_networkx as convert

    return convert(_opened(workspace), level, agents)


def _opened(workspace: Place) -> Workspace:
    return workspace if isinstance(workspace, Workspace) else Workspace.open(workspace)


def __getattr__(name: str) -> Any:
    """What takes time to import or to look up comes when it is asked for."""
    if name == "Settings":
        from miner.pipeline.settings import Settings

        return Settings
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("interaction-miner")
        except PackageNotFoundError:
            return "0"
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
