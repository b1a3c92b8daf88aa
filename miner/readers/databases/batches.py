"""The rows of a query as every kind of database gives them: a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

BATCH = 20_000
Rows = Iterator[Sequence[Sequence[Any]]]


def in_batches(fetch: Callable[[int], Sequence[Sequence[Any]]]) -> Rows:
    """What a cursor gives, a batch at a time."""
    while rows := fetch(BATCH):
        yield rows
