"""The run: its settings, its stages in order, and the summary they end in."""

from miner.pipeline.run import look, run
from miner.pipeline.settings import Settings

__all__ = ["Settings", "look", "run"]
