"""Placeholder names are noted where a source has them: how often, and how to keep one as an owner."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from miner.events.engine import literal
from miner.events.schema import NEVER_OWNERS, nobodies
from miner.events.sink import Sink

KEYS = ("team", "agent")


def note_placeholders(sink: Sink, where: str, columns: dict[str, str], owners: Collection[str]) -> None:
    """Note each name that stands for nobody in the events `where`; `columns` are the source's own names of the keys.

    `owners` are names that the user keeps as owners (`--owner`).
    """
    acts = f"coalesce(actor_type, 'unknown') NOT IN {tuple(sorted(NEVER_OWNERS))}"
    for key in KEYS:
        level = key == "team" or "team" not in columns
        then = " and owns nothing" if level else "; its events count for the team in their row"
        column = repr(columns.get(key, key))
        for name, count in events_with(sink, key, nobodies(owners), f"{where} AND {acts}"):
            sink.note(
                "nobody",
                f"{name!r} in {column} is a placeholder{then}; --owner {_quoted(name)} keeps it as an owner",
                count,
            )


def events_with(sink: Sink, key: str, names: Iterable[str], where: str) -> list[tuple[str, int]]:
    """The values of a column that are, in any case of letters, among `names`, and how many events have them."""
    listed = ", ".join(map(literal, sorted(names)))
    return sink.engine.rows(
        f"SELECT {key}, count(*) FROM raw_events WHERE {where} AND lower({key}) IN ({listed}) GROUP BY 1 ORDER BY 1"
    )


def _quoted(name: str) -> str:
    return name if name.replace("_", "").isalnum() else f"'{name}'"
