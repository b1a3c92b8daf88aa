"""A person out of the files of a workspace: which journeys are theirs, the tables without them, and a search after.

A journey goes as a whole, so that every number of those that stay is as it was measured.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from miner.events.engine import Engine, quote
from miner.workspace import Workspace

# In this order: what tells whose a journey is goes last, so that who was interrupted can begin again.
_LAST = ("events", "interactions", "journeys", "aliases")


@dataclass(frozen=True)
class PersonalData:
    """What belongs to a person: what they are called, their interactions and journeys."""

    customers: frozenset[str]
    interactions: frozenset[str]
    journeys: frozenset[str]
    shared: int = 0  # journeys among them that are another customer's as well

    @property
    def words(self) -> frozenset[str]:
        """What must be found nowhere afterwards."""
        return self.customers | self.interactions | self.journeys


def personal_data(workspace: Workspace, names: Collection[str]) -> PersonalData:
    """What belongs to the customers called by any of these names, or known by them as an alias."""
    with Engine() as engine:
        tables = _views(engine, workspace)
        wanted = sorted(set(names))
        customers = set(wanted)
        if "aliases" in tables:
            customers |= {
                row[0] for row in engine.rows("SELECT customer FROM aliases WHERE list_contains(?, alias)", [wanted])
            }
            customers |= {
                row[0]
                for row in engine.rows(
                    "SELECT alias FROM aliases WHERE list_contains(?, customer)", [sorted(customers)]
                )
            }
        known = sorted(customers)
        places = [
            f"SELECT journey_id FROM {table} WHERE list_contains($1, {column})"
            for table, column in (
                ("journeys", "customer"),
                ("interactions", "customer"),
                ("events", "customer"),
                ("events", "actor"),
            )
            if table in tables
        ]
        places.append(
            "SELECT journey_id FROM interactions WHERE "  # what was called by somebody's number or address
            "list_contains($1, regexp_extract(interaction_id, 'c_[0-9a-f]{16}'))"
        )
        journeys = {row[0] for row in engine.rows(" UNION ".join(places), [known])} if places else set()
        own = engine.rows(
            "SELECT interaction_id, journey_id, customer FROM interactions WHERE list_contains(?, journey_id)",
            [sorted(journeys)],
        )
    shared = {journey for _, journey, customer in own if customer is not None and customer not in customers}
    return PersonalData(frozenset(customers), frozenset(row[0] for row in own), frozenset(journeys), len(shared))


def remove(workspace: Workspace, gone: PersonalData) -> list[str]:
    """Write every table without the person; returns the names of those that were changed."""
    changed = []
    with Engine() as engine:
        tables = _views(engine, workspace)
        for table in sorted(tables, key=lambda name: (name in _LAST, _LAST.index(name) if name in _LAST else 0, name)):
            columns = {name: kind for name, kind, *_ in engine.rows(f"DESCRIBE {quote(table)}")}
            conditions, parameters = _conditions(columns, gone)
            if not conditions:
                continue
            where = " OR ".join(conditions)
            (count,) = engine.one(f"SELECT count(*) FROM {quote(table)} WHERE {where}", parameters)
            if count:
                rest = f"SELECT * FROM {quote(table)} WHERE NOT coalesce({where}, FALSE)"
                engine.run(f"CREATE OR REPLACE TABLE remaining AS {rest}", parameters)
                workspace.write(f"tables/{table}.parquet", partial(engine.copy_parquet, "SELECT * FROM remaining"))
                changed.append(table)
    return changed


def _conditions(columns: dict[str, str], gone: PersonalData) -> tuple[list[str], list[Any]]:
    """Rows of a table that are the person's: any text that is an id or a name of theirs."""
    conditions: list[str] = []
    parameters: list[Any] = []
    for name, kind in columns.items():
        if kind == "VARCHAR" or kind.startswith("ENUM"):
            words = gone.journeys | gone.interactions | gone.customers
            if name not in (
                "journey_id",
                "interaction_id",
                "conversation_id",
                "from_interaction",
                "to_interaction",
                "customer",
                "actor",
                "alias",
                "visit_id",
            ):
                words = gone.customers | frozenset(w for w in gone.journeys | gone.interactions if len(w) > 5)
            conditions.append(f"list_contains(CAST(? AS VARCHAR[]), {quote(name)})")
            parameters.append(sorted(words))
        elif kind == "VARCHAR[]":
            conditions.append(f"list_has_any({quote(name)}, CAST(? AS VARCHAR[]))")
            parameters.append(sorted(gone.words))
    return conditions, parameters


def clean_notes(workspace: Workspace, gone: PersonalData) -> None:
    """quality.json and rejects.csv without examples and rows that name what is the person's."""
    words = _with_bare(gone.words)
    quality = workspace.quality
    if quality:
        workspace.write_json("quality.json", _without(quality, words))
    path = workspace.path / "rejects.csv"
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as f:
            rows = [row for row in csv.reader(f) if not any(_names(cell, words) for cell in row[3:4])]
        workspace.write("rejects.csv", partial(_write_rows, rows))


def _write_rows(rows: list[list[str]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows(rows)


def _without(value: Any, words: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(each, words) for key, each in value.items()}
    if isinstance(value, list):
        kept = [each for each in value if not isinstance(each, str) or not _names(each, words)]
        return [
            _without(each, words)
            for each in kept
            if not isinstance(each, dict) or not _names(str(each.get("value") or ""), words)
        ]
    return value


def _names(text: str, words: Collection[str]) -> bool:
    cut = text.replace(",", " ").replace(":", " ").replace("#", " ").split()
    return text in words or any(word in words for word in cut)


def _with_bare(words: Collection[str]) -> set[str]:
    """Ids with and without the system before them."""
    return {*words, *(word.split(":", 1)[1] for word in words if ":" in word)}


def traces(workspace: Workspace, words: Collection[str]) -> Iterator[str]:
    """The files of a workspace in which any of the words still is: bytes of all files, and the texts in Parquet."""
    wanted = [word for word in words if len(word) > 3]
    encoded = [word.encode() for word in wanted]
    for path in sorted(p for p in workspace.path.rglob("*") if p.is_file()):
        content = path.read_bytes()
        if path.suffix == ".parquet":
            if _in_table(path, wanted):
                yield str(path.relative_to(workspace.path))
        elif any(_is_in(word, content) for word in encoded):
            yield str(path.relative_to(workspace.path))


def _is_in(word: bytes, content: bytes) -> bool:
    """Whether a word is there as a whole: `zendesk:4000` is not in `zendesk:40001`."""
    at = content.find(word)
    while at >= 0:
        before, after = content[max(0, at - 1) : at], content[at + len(word) : at + len(word) + 1]
        if not (before.isalnum() or after.isalnum()):
            return True
        at = content.find(word, at + 1)
    return False


def _in_table(path: Path, words: Collection[str]) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    values = pa.array(sorted(words), pa.string())
    table = pq.read_table(path)
    for column in table.columns:
        flat = column.combine_chunks()
        while pa.types.is_list(flat.type):
            flat = pc.list_flatten(flat)
        if pa.types.is_dictionary(flat.type):
            flat = flat.dictionary_decode()
        if pa.types.is_string(flat.type) and pc.any(pc.is_in(flat, value_set=values)).as_py():
            return True
    return False


def _views(engine: Engine, workspace: Workspace) -> list[str]:
    """The tables of a workspace as views of the engine: the files as they are, for they are written again."""
    names = workspace.tables()
    for name in names:
        engine.see_parquet(name, workspace.table_path(name))
    return names
