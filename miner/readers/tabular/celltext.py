"""Cells as SQL expressions: trimmed text, canonical words, numbers."""

from __future__ import annotations

import re

from miner.events.engine import Engine, literal, quote
from miner.events.schema import ACTOR_TYPES, CHANNELS, MISSING
from miner.readers.base import Options
from miner.readers.tabular.cells import Cells

_ACTOR_WORDS = {
    "client": "customer",
    "caller": "customer",
    "requester": "customer",
    "end-user": "customer",
    "chatbot": "bot",
    "virtual agent": "bot",
    "employee": "agent",
    "operator": "agent",
    "automation": "rule",
}
_ALPHABET = 26  # ids of letters alone that a log has at least, before a word of them is taken for one
_COMMA = r"^[^\d,.-]*-?[\d.]*,\d{1,2}\D*$"


def raw(cells: Cells, column: str, typed: bool = False) -> str:
    """The cell of a column, or the cells of `a+b` joined with a space, as text; null where one of them is empty.

    `typed` leaves a time of a typed column as it is.
    """
    if column in cells.columns:
        return f"CAST({quote(column)} AS VARCHAR)" if column in cells.typed and not typed else quote(column)
    return "(" + " || ' ' || ".join(f"nullif(trim({raw(cells, part)}), '')" for part in column.split("+")) + ")"


class TextOf:
    """A text column as SQL: trimmed, missing markers null, and ids without the '.0' of a spreadsheet."""

    def __init__(self, engine: Engine, cells: Cells, options: Options):
        self._engine, self._cells = engine, cells
        self._given, self._real = options.missing, dict[str, list[str]]()
        self._longest = max(len(m.encode()) for m in (*MISSING, *options.missing))

    def __call__(self, column: str, ids: bool = False) -> str:
        """The text of a cell; null where it is missing."""
        cell, markers = raw(self._cells, column), self._markers(column)
        clean, short = f"trim({cell})", cell
        if ids and self._is_float(column):
            clean = short = f"regexp_replace({clean}, '\\.0+$', '')"
        spaced = f"starts_with({cell}, ' ') OR ends_with({cell}, ' ')"  # the cheap question first: most cells are clean
        return (
            f"CASE WHEN {spaced} THEN CASE WHEN {clean} IN ({markers}) THEN NULL ELSE {clean} END "
            f"WHEN strlen({cell}) <= {self._longest} AND {cell} IN ({markers}) THEN NULL ELSE {short} END"
        )

    def is_missing(self, column: str) -> str:
        """Whether a cell says nothing, as SQL."""
        return f"coalesce(trim({raw(self._cells, column)}) IN ({self._markers(column)}), true)"

    def _markers(self, column: str) -> str:
        real = self._real.get(column, ())
        return ", ".join(map(literal, [m for m in (*MISSING, *self._given) if m not in real or m in self._given]))

    def keep_ids(self, column: str) -> tuple[int, str]:
        """Let ids that look like a missing marker stand where all ids are such words: a case NA between MZ and NB.

        Returns how many cells they fill, and which they are.
        """
        cell = f"trim({raw(self._cells, column)})"
        (others,) = self._engine.one(  # a look at the first rows, which mostly tells without reading them all
            f"SELECT count(*) FROM (SELECT {cell} AS c FROM {quote(self._cells.view)} LIMIT 1000) "
            f"WHERE c NOT IN ({self._markers(column)}) AND NOT regexp_full_match(c, '[A-Z]+|[a-z]+')"
        )
        if others:
            return 0, ""
        for letters in ("A-Z", "a-z"):
            words = [m for m in MISSING if re.fullmatch(f"[{letters}]+", m)]
            source = f"(SELECT {cell} AS c FROM {quote(self._cells.view)})"
            rows = self._engine.rows(f"SELECT c, count(*) FROM {source} WHERE list_contains(?, c) GROUP BY 1", [words])
            if not rows:
                continue
            ids, alike = self._engine.one(
                f"SELECT count(*), coalesce(bool_and(regexp_full_match(c, '[{letters}]+')), false) "
                f"FROM (SELECT DISTINCT c FROM {source} WHERE c NOT IN ({self._markers(column)}))"
            )
            if alike and ids >= _ALPHABET:
                self._real[column] = words
                return sum(n for _, n in rows), ", ".join(sorted(word for word, _ in rows))
        return 0, ""

    def _is_float(self, column: str) -> bool:
        """Whether every value is a whole number written as a float (1004298.0)."""
        if column not in self._cells.columns:
            return False
        cell = raw(self._cells, column)
        sample = self._engine.rows(
            f"SELECT {cell} AS c FROM {quote(self._cells.view)} "
            f"WHERE {cell} IS NOT NULL AND NOT {self.is_missing(column)} LIMIT 1000"
        )
        return bool(sample) and all(re.fullmatch(r"-?\d+\.0+", str(r[0]).strip()) for r in sample)


def actor_type(text: str) -> str:
    """The canonical word for who acted; `unknown` for others."""
    word = _ACTOR_WORDS.get(text.lower(), _simple(text))
    return word if word in ACTOR_TYPES else "unknown"


def channel(text: str) -> str:
    """A channel in the canonical word where it is one (phone is voice), else as it is."""
    if text.lower() in ("phone", "call", "telephone"):
        return "voice"
    return _simple(text) if _simple(text) in CHANNELS else text


def _simple(text: str) -> str:
    return text.lower().replace(" ", "_").replace("-", "_")


def number(engine: Engine, cells: Cells, column: str) -> str:
    """A number as SQL, with decimal point or comma as the column shows, without its currency; null where it is none."""
    cell = raw(cells, column)
    bare = f"regexp_replace({cell}, '^[^\\d,.+-]+|[^\\d,.]+$', '', 'g')"
    (commas,) = engine.one(
        f"SELECT count(*) FROM (SELECT {cell} AS c FROM {quote(cells.view)} LIMIT 100000) WHERE regexp_matches(c, ?)",
        [_COMMA],
    )
    if commas:  # a point before three digits parts thousands
        plain = f"replace(regexp_replace({bare}, '\\.(\\d{{3}})', '\\1', 'g'), ',', '.')"
        read = f"TRY_CAST({plain} AS DOUBLE)"
    else:
        read = f"coalesce(TRY_CAST({cell} AS DOUBLE), TRY_CAST(replace({bare}, ',', '') AS DOUBLE))"
    return f"CASE WHEN isfinite({read}) THEN {read} END"
