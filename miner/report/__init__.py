"""The report of a workspace: one self-contained page, and its maps as files."""

from __future__ import annotations

from miner.report.maps.draw import draw_map

__all__ = ["draw_map"]
