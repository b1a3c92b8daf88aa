"""The report of a workspace: one self-contained page, and its maps as files."""

from __future__ import annotations

from pathlib import Path

from miner.report.maps.draw import draw_map
from miner.report.notebook import MapPicture, show_map
from miner.workspace import Workspace

__all__ = ["MapPicture", "draw_map", "show_map", "write"]


def write(workspace: Workspace) -> Path:
    """Write `report.html` of a finished workspace, whole or not at all, and return its path.

    Reads tables and JSON files only; UsageError names what is missing.
    """
    from miner.report.page import page
    from miner.report.view import view

    text = page(view(workspace))
    return workspace.write("report.html", lambda path: path.write_text(text, encoding="utf-8", newline="\n"))
