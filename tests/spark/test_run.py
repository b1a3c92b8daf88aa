"""`miner run --engine spark`: a plain log in the formats that Spark reads gives the tables that DuckDB gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from miner.errors import InputError, UsageError
from miner.events.engine import Engine
from miner.pipeline import Settings, run
from miner.workspace import Workspace
from tests.strategies import random_log, write_csv

CUSTOMERS = ("c1", "Ann Smith", "+49 30 1234567", "a@b.de", None)
FORMATS = {"csv": "", "parquet": "(FORMAT parquet)", "jsonl": "(FORMAT json)"}


def logs(folder: Path) -> tuple[list[str], dict[str, str]]:
    """One log in three parts, each in another format, and its mapping."""
    events = [{**event, "customer": CUSTOMERS[no % 5]} for no, event in enumerate(random_log(7, 90))]
    mapping: dict[str, str] = {}
    for no, (name, how) in enumerate(FORMATS.items()):
        path = folder / f"part_{name}.csv"
        mapping = write_csv([event for event in events if int(event["journey_id"][1:]) % 3 == no], path)
        if how:
            source = f"SELECT * FROM read_csv('{path}', header = true, all_varchar = true)"
            duckdb.sql(f"COPY ({source}) TO '{folder / f'log.{name}'}' {how}")
        else:
            path.rename(folder / f"log.{name}")
    return [str(folder / f"log.{name}") for name in FORMATS], mapping


def same(one: Workspace, other: Workspace) -> None:
    """Assert that two workspaces have the same tables, row for row, but for how the files are called."""
    assert one.tables() == other.tables()
    with Engine() as engine:
        for table in one.tables():
            engine.run(f"CREATE OR REPLACE VIEW a AS SELECT * FROM '{one.table_path(table)}'")
            engine.run(f"CREATE OR REPLACE VIEW b AS SELECT * FROM '{other.table_path(table)}'")
            assert engine.rows("DESCRIBE a") == engine.rows("DESCRIBE b"), table
            names = ", ".join(f'"{row[0]}"' for row in engine.rows("DESCRIBE a") if row[0] != "source")
            here, there = (f"SELECT {names} FROM {view}" for view in "ab")
            missing = engine.rows(f"({here} EXCEPT ALL {there}) LIMIT 2")
            more = engine.rows(f"({there} EXCEPT ALL {here}) LIMIT 2")
            assert (missing, more) == ([], []), f"{table} ({names})"


def test_the_tables_are_those_of_duckdb(session: Any, tmp_path: Path) -> None:
    """The same logs, mapping and keys give the same tables, lines and pseudonyms included."""
    files, mapping = logs(tmp_path)
    given = {"columns": mapping, "tz": "Europe/Berlin", "keys": str(tmp_path / "keys.key"), "until": "measure"}
    single = run(files, tmp_path / "one", Settings(**given))
    spark = run(files, tmp_path / "two", Settings(**given, engine="spark", master="local[2]"))
    same(single, spark)
    assert not (spark.path / ".spark").exists()
    counts = [(source["events"], source["rejected"]) for source in spark.quality["sources"]]
    assert counts == [(source["events"], source["rejected"]) for source in single.quality["sources"]]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"journeys": "linked"}, "does not join interactions"),
        ({"intents": {"a": "b"}}, "--intents is not done"),
        ({"text": "use"}, "--text use is not done"),
        ({"keep": ("x",)}, "--keep is not done"),
    ],
)
def test_what_spark_does_not_do_is_refused(asked: dict[str, Any], words: str) -> None:
    """The reason is said before anything is read, with what to do."""
    with pytest.raises(UsageError, match=words) as refused:
        Settings(engine="spark", **asked)
    assert all(problem.fix for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("source", "columns", "words"),
    [
        ("log.csv", {"case": "the case"}, "activity, time must be mapped"),
        ("log.csv", {"phone": "the customer"}, "phone is not read"),
        ("log.csv", {"team": "group"}, "no column 'group'"),
        ("log.xes", {}, "no log that Spark reads"),
        ("none.csv", {}, "Spark cannot read it"),
    ],
)
def test_what_is_wrong_with_a_log_is_said(
    source: str, columns: dict[str, str], words: str, session: Any, tmp_path: Path
) -> None:
    """Nothing is guessed: the mapping is complete, its columns exist, and Spark reaches the file."""
    _, mapping = logs(tmp_path)
    if source == "log.csv" and "case" in columns:
        mapping = columns
    given = Settings(columns={**mapping, **columns}, engine="spark", master="local[2]", until="read")
    with pytest.raises((UsageError, InputError), match=words):
        run([str(tmp_path / source)], tmp_path / "workspace", given)
