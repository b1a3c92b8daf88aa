"""What no reader can be meant for."""

from __future__ import annotations

from miner.errors import InputError


class Unknown(InputError):
    """A file that no reader knows: an error where it was named, passed over where it lay in a folder or archive."""
