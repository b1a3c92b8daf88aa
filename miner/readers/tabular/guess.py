"""Which column is which where the user does not say: by its name, and by what the cases show of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from miner.events.engine import Engine, quote
from miner.events.schema import MISSING
from miner.readers.base import Options
from miner.readers.tabular.cells import Cells
from miner.readers.tabular.celltext import raw
from miner.readers.tabular.keys import NAMES, OF_CASES, TIMES
from miner.readers.tabular.mapping import Mapping, simple
from miner.readers.tabular.timecolumn import best_time, named_times, numbers_like_times

SAMPLE, LOOKED_AT = 1_000, 200_000  # cells to tell times by, and rows to tell attributes of the case by
_MEASURED = 5  # cases of several rows that are needed to say that a column does not change in them
_STEP = re.compile(r"^(event|activity|task|step)[\W_]+(?=\w)", re.IGNORECASE)
_RECORD = re.compile(r"^(incident|problem|ticket|sr)[\W_]+(?=\w)", re.IGNORECASE)
_CALLED = re.compile(
    r"(case|ticket|incident|request|issue|order|application|journey|session|call|conversation|trace|"
    r"claim|process|instance|vorgang|fall|zaak)[\s_#:.-]*\d+",
    re.IGNORECASE,
)
_CASE = re.compile(r"^\W?case\W?[\W_]+(?=\w)", re.IGNORECASE)


def guess(engine: Engine, cells: Cells, mapping: Mapping, keys: list[str], options: Options) -> None:
    """Add to a mapping what can be told of these keys. The first of them are case, activity and time."""
    found = _Guess(engine, cells, mapping)
    for key in keys:
        if key not in mapping.columns:
            found.add(key)
    if {"team", "agent"} <= set(keys):
        found.settle_team()
    if {"team", "silo"} <= set(keys):
        found.settle_silo()
    span = "start" in mapping.columns and ("end" in mapping.columns or "time" not in mapping.columns)
    if span and "time" not in options.columns:  # start and end make the event an interval; `time` is then the start
        mapping.move("start", "time")


class _Guess:
    def __init__(self, engine: Engine, cells: Cells, mapping: Mapping):
        self._engine, self._cells, self._mapping = engine, cells, mapping
        # Long texts are neither times nor ids, and looking at them takes much memory.
        self._samples: dict[str, list[str]] = {column: [] for column in cells.texts}

    def add(self, key: str) -> None:
        """Look for the column of a key: by its name, and times by what is in it as well."""
        named = list(dict.fromkeys(self._named(key)))
        if key == "time":
            self._add_time(named)
        elif key in TIMES:
            if column := named_times(named, self._free(), self.values, self._still):
                self._mapping.add(key, column, f"named like a {key} column")
        elif named:
            self._mapping.add(key, named[0], f"named like a {key.replace('_', ' ')} column")
        elif key == "case":
            self._add_case()

    def _add_time(self, named: list[str]) -> None:
        others = [c for c in self._free() if c not in named]
        self.sample(named)

        def cells(column: str) -> list[str] | None:
            if column in others:
                self.sample(others)  # all in one look, and only where one of them matters
            return self.values(column)

        if found := best_time(named, others, cells, self._still):
            self._mapping.add("time", found.column, found.reason, found.doubt)

    def _add_case(self) -> None:
        """A column whose values call themselves cases: `Case 1`, `Ticket 7`."""
        free = self._free()
        self.sample(free)
        for column in free:
            values = self.values(column)
            if values and all(_CALLED.fullmatch(value.strip()) for value in values):
                self._mapping.add("case", column, f"its values are called {values[0].strip()!r}")
                return

    def settle_team(self) -> None:
        """A team that stays the same in a case while people change is an attribute of the case, and owns nothing."""
        team, agent = self._mapping.columns.get("team"), self._mapping.columns.get("agent")
        if team and agent and self._still(team) and not self._still(agent, 10):
            self._mapping.drop("team")
            self._mapping.reasons["agent"] += f"; {team} does not change in a case, so it is no owner"

    def settle_silo(self) -> None:
        """Silos are made of teams: of two columns the finer is the team."""
        team, silo = self._mapping.columns.get("team"), self._mapping.columns.get("silo")
        if not team or not silo:
            return
        t, s = (f"nullif(trim({raw(self._cells, c)}), '')" for c in (team, silo))
        counts = self._engine.one(
            "SELECT count(*), count(DISTINCT t), count(DISTINCT s) FROM (SELECT DISTINCT t, s FROM "
            f"(SELECT {t} AS t, {s} AS s FROM {quote(self._cells.view)} LIMIT {LOOKED_AT}) "
            "WHERE t IS NOT NULL AND s IS NOT NULL)"
        )
        if finer(*counts):
            self._mapping.add("team", silo, f"finer than {team}")
            self._mapping.add("silo", team, f"coarser than {silo}")

    def _free(self) -> list[str]:
        taken = {part for column in self._mapping.columns.values() for part in (column, *column.split("+"))}
        return [c for c in self._cells.columns if c not in taken]

    def _named(self, key: str) -> Iterator[str]:
        """The columns that have a name of this key, the surest first: as it is, then behind a word like `event`."""
        free = self._free()
        shorts = [{c: simple(c) for c in free}]
        words = [_STEP] + [_RECORD] * (key not in ("start", "end")) + [_CASE] * (key in OF_CASES)
        shorts += [{c: simple(word.sub("", c)) for c in free if word.match(c)} for word in words]
        for by in shorts:
            for name in NAMES[key].split():
                yield from (column for column, short in by.items() if short == name)

    def values(self, column: str) -> list[str] | None:
        """The first values of a column; None where the engine knows them as points in time."""
        if self._cells.typed.get(column, "").startswith("TIMESTAMP"):
            return None
        self.sample([column])
        return self._samples[column]

    def sample(self, columns: Iterable[str]) -> None:
        """Keep the first values of columns, of those that are new in one look: a table can be wide."""
        new = [c for c in columns if c not in self._samples]
        if new:
            names = ", ".join(raw(self._cells, c) for c in new)
            rows = self._engine.rows(f"SELECT {names} FROM {quote(self._cells.view)} LIMIT {SAMPLE}")
            for column, values in zip(new, zip(*rows, strict=True) if rows else [()] * len(new), strict=True):
                self._samples[column] = [v for v in values if v is not None and v.strip() not in MISSING]

    def _still(self, column: str, percent: int = 1) -> bool:
        """Whether a column changes in fewer than so many of a hundred cases of several rows: it is the case's own."""
        if "case" not in self._mapping.columns:
            return False
        case, cell = (raw(self._cells, c) for c in (self._mapping.columns["case"], column))
        several, changing = self._engine.one(
            "SELECT count(*) FILTER (WHERE n > 1), count(*) FILTER (WHERE d > 1) FROM (SELECT count(*) AS n, "
            f"count(DISTINCT v) AS d FROM (SELECT {case} AS c, {cell} AS v FROM {quote(self._cells.view)} "
            f"LIMIT {LOOKED_AT}) WHERE v IS NOT NULL GROUP BY c)"
        )
        return several >= _MEASURED and changing * 100 < several * percent


def numbers(engine: Engine, cells: Cells) -> list[str]:
    """The columns whose numbers could be times, which are taken for times only where the user says so."""
    looked = _Guess(engine, cells, Mapping())
    looked.sample(cells.columns)
    return list(numbers_like_times(cells.columns, looked.values))


def finer(pairs: int, teams: int, silos: int) -> bool:
    """Whether silos are parts of teams, from how many of both there are and how many pairs of them."""
    return silos > 1.5 * teams and pairs < 2 * silos
