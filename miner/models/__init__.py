"""Process models through pm4py, at arm's length: from counts and a sample to BPMN, PNML, PTML and JSON files."""

from miner.models.discover import FILES, QUALITY, discover

__all__ = ["FILES", "QUALITY", "discover"]
