"""What messages tell, as salted hashes: made at stitch time, in memory, before the texts are dropped.

The salt is drawn for each run and kept nowhere, so that no hash says anything after the run; not even hashes are
written. See docs/information-loss.md for what counts as a fact, and its limits.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from typing import Any

from miner.events.engine import Engine
from miner.journeys.mentions import identifiers, keyphrases, words
from miner.sql import append, create

_BATCH = 5_000
# Phrases are facts where the customer or somebody outside says them: greetings and templates of the others are none.
_PHRASES_OF = ("customer", "third_party")


def read_facts(engine: Engine) -> bool:
    """Make the engine tables `messages` and `message_facts`, and put a number in the place of each text of raw_events.

    `messages`: message_no, asks (has a question mark), words (hashes of all its words and identifiers).
    `message_facts`: message_no, fact (hash), words (the hashes that must be in another message
    for the fact to be in it).
    False, and empty tables, where there is no text.
    """
    for table in ("messages", "message_facts", "message_places"):
        create(engine, table)
    (last,) = engine.one("SELECT max(rowid) FROM raw_events WHERE text IS NOT NULL")
    if last is None:
        return False
    hasher = _Hasher()
    for first in range(0, last + 1, _BATCH):
        rows = engine.rows(
            "SELECT rowid, text, coalesce(actor_type, 'unknown') FROM raw_events "
            "WHERE text IS NOT NULL AND rowid >= ? AND rowid < ?",
            [first, first + _BATCH],
        )
        _read(engine, rows, hasher)
    engine.run("UPDATE raw_events SET text = CAST(rowid AS VARCHAR) WHERE text IS NOT NULL")
    return True


def keep_places(engine: Engine) -> None:
    """Make `message_places` (message_no, event_no) of the column message_no of `raw`, which goes."""
    engine.run(
        "CREATE OR REPLACE TABLE message_places AS SELECT message_no, event_no FROM raw WHERE message_no IS NOT NULL"
    )
    engine.run("ALTER TABLE raw DROP COLUMN message_no")


class _Hasher:
    """Words as numbers, by a salt that only this run has."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)

    def __call__(self, word: str) -> int:
        made = hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8, key=self._salt).digest()
        return int.from_bytes(made, "big", signed=True)

    def all(self, keys: Iterable[str]) -> list[int]:
        """The numbers of some words, in order."""
        return sorted(map(self, keys))


def _read(engine: Engine, rows: list[tuple[int, str, str]], hasher: _Hasher) -> None:
    messages: list[tuple[Any, ...]] = []
    facts: list[tuple[Any, ...]] = []
    for number, text, actor_type in rows:
        found, rest = identifiers(text)
        messages.append((number, "?" in rest or "？" in rest, hasher.all(found | words(rest))))
        told: set[tuple[str, ...]] = {(key,) for key in found}
        if actor_type in _PHRASES_OF:
            told |= keyphrases(rest)
        facts += [(number, hasher("\n".join(fact)), hasher.all(fact)) for fact in told]
    append(engine, "messages", messages)
    append(engine, "message_facts", facts)
