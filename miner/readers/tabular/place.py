"""Where the engine may read a file from: by a path in which it sees no pattern."""

from __future__ import annotations

from pathlib import Path

from miner.events.engine import Engine

_PATTERN = frozenset("*?[]{}")


def plain_path(engine: Engine, path: Path) -> str:
    """The path, or a link to it from the session's own folder where the engine would take it for a pattern."""
    if not _PATTERN & set(str(path)):
        return str(path)
    link = engine.new_file(path.suffix)
    link.symlink_to(path.resolve())
    return str(link)
