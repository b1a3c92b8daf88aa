"""Which keys of a mapping readers look at, so that one that none of them takes is not passed over without a word."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any

from miner.events.sink import Sink


class TrackedMapping(dict[str, str]):
    """A mapping of keys to columns that keeps in `used` which keys were asked for: all, by who goes over it."""

    def __init__(self, columns: Mapping[str, str], used: set[str]):
        super().__init__(columns)
        self.used = used

    def __getitem__(self, key: str) -> str:
        self.used.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.used.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """The column of a key."""
        self.used.add(key)
        return super().get(key, default)

    def _all(self) -> None:
        self.used.update(super().keys())

    def __iter__(self) -> Iterator[str]:
        self._all()
        return super().__iter__()

    def keys(self) -> KeysView[str]:  # type: ignore[override]
        """All keys."""
        self._all()
        return super().keys()

    def values(self) -> ValuesView[str]:  # type: ignore[override]
        """All columns."""
        self._all()
        return super().values()

    def items(self) -> ItemsView[str, str]:  # type: ignore[override]
        """All keys with their columns."""
        self._all()
        return super().items()


def note_unused_keys(sink: Sink, given: Mapping[str, str], used: set[str]) -> None:
    """Note each key that the user mapped and that no reader used at."""
    sink.source = "all sources"
    for key, column in given.items():
        if key not in used:
            sink.note("no_effect", f"--map {key}={column} changed nothing: what was read has no place for it")
