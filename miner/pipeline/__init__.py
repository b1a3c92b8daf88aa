"""The run: its settings, its stages in order, and the summary they end in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from miner.pipeline.settings import Settings

if TYPE_CHECKING:
    from miner.pipeline.runner import look, run

__all__ = ["Settings", "look", "run"]


def __getattr__(name: str) -> Any:
    """`run` and `look` bring the event engine along, so they come when they are asked for."""
    if name in ("look", "run"):
        from importlib import import_module

        return getattr(import_module("miner.pipeline.runner"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
