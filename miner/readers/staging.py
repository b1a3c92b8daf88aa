"""`miner.readers.shared.staging` under the names by which readers of other packages know it."""

from miner.readers.shared.fields import Malformed, child, children
from miner.readers.shared.staging import Staged, Staging, hand_over, read_files, usable
from miner.readers.shared.staging import no_interactions as nothing_told

__all__ = [
    "Malformed",
    "Staged",
    "Staging",
    "child",
    "children",
    "hand_over",
    "nothing_told",
    "read_files",
    "usable",
]
