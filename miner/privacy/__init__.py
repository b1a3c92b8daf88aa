"""What keeps people's data safe: pseudonyms and their keys, hidden identifiers in what is said, forgetting."""

from __future__ import annotations

from miner.privacy.hide import file_name, hidden, hide_identifiers
from miner.privacy.keys import Keys, create, load, location, rotate, there
from miner.privacy.pseudonyms import Pseudonyms, is_pseudonym

__all__ = [
    "Keys",
    "Pseudonyms",
    "create",
    "file_name",
    "hidden",
    "hide_identifiers",
    "is_pseudonym",
    "load",
    "location",
    "rotate",
    "there",
]
