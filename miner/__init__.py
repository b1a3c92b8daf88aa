"""interaction-miner: journeys across systems, where they are handed around, and what it costs.

Ten names: `run` makes a workspace from exports, `open` opens one, its `table` and `arrow` give any
table, `query` asks its graph, `show_map` draws it, `to_networkx` hands it on.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as _version

from miner.errors import InputError, MinerError, ServerError, UsageError
from miner.pipeline.settings import Settings
from miner.workspace import Workspace

__all__ = ["InputError", "MinerError", "ServerError", "Settings", "UsageError", "Workspace", "open", "run"]

try:
    __version__ = _version("interaction-miner")
except PackageNotFoundError:
    __version__ = "0"

open = Workspace.open


def run(*sources: str, workspace: str = "workspace", **options: object) -> Workspace:
    """Read exports into a workspace and open it.

    `options` are those of `Settings` (columns, tz, dayfirst, silos, journeys, window, graph, until …).
    Raises InputError where a source cannot be read, and writes nothing then.
    """
    from miner.pipeline import run as run_pipeline

    return run_pipeline(sources, workspace, Settings(**options))  # type: ignore[arg-type]
