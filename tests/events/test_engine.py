"""The event engine and the sink in front of it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from miner.errors import UsageError
from miner.events.engine import Engine, quote
from miner.events.schema import RAW_EVENTS
from miner.events.sink import BATCH, Sink


@pytest.mark.parametrize("name", ['a"b', "select", "x; DROP TABLE t; --", "ünï", ""])
def test_any_name_is_only_a_name(name: str) -> None:
    """A quoted name cannot become a statement."""
    assert quote(name) == '"' + name.replace('"', '""') + '"'
    if name:
        with Engine() as engine:
            engine.create(name, {name: "VARCHAR"})
            engine.run(f"INSERT INTO {quote(name)} VALUES (?)", [name])
            assert engine.one(f"SELECT {quote(name)} FROM {quote(name)}") == (name,)


def test_a_session_leaves_nothing_behind() -> None:
    """What was spilled goes with the session, and each file it hands out is a new one."""
    with Engine() as engine:
        first, second = engine.new_file(".csv"), engine.new_file(".csv")
        first.write_text("x")
        assert first != second and first.suffix == ".csv"
    assert not first.parent.exists()
    with pytest.raises(duckdb.Error):
        engine.one("SELECT 1")


def test_too_little_memory_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that runs out of memory, or is given no amount of it, is the user's to mend, not a bug."""
    monkeypatch.setenv("MINER_MEMORY", "10MB")
    with pytest.raises(UsageError, match=r"10MB of memory, but.*\n.*MINER_MEMORY=4GB"), Engine() as engine:
        engine.rows("SELECT list(repeat('x', 1000) ORDER BY i) FROM range(100000) t(i)")
    monkeypatch.setenv("MINER_MEMORY", "plenty")
    with pytest.raises(UsageError, match="MINER_MEMORY is 'plenty'"):
        Engine()


def test_a_session_is_in_utc_and_loads_nothing_by_itself() -> None:
    """Neither the zone of the machine nor the network plays a part."""
    with Engine() as engine:
        assert engine.one("SELECT current_setting('TimeZone'), current_setting('autoinstall_known_extensions')") == (
            "UTC",
            False,
        )


def test_a_total_does_not_depend_on_the_order_of_the_rows() -> None:
    """Threads change the order in which rows are added up, and a sum of doubles with it; a total stays the same."""
    with Engine() as engine:
        engine.run("CREATE TABLE t AS SELECT random() * 1e6 AS x, i FROM range(10000) t(i)")
        exact = engine.one("SELECT CAST(sum(CAST(x AS DECIMAL(38, 6))) AS DOUBLE) FROM t")
        for order in ("x", "x DESC", "i", "hash(i)"):
            assert engine.one(f"SELECT total(x) FROM (SELECT * FROM t ORDER BY {order})") == exact
        assert engine.one("SELECT total(x) FROM t WHERE false") == (None,)


def test_a_query_writes_parquet_under_any_name(tmp_path: Path) -> None:
    """A quote in the path of a file does no harm."""
    with Engine() as engine:
        engine.copy_parquet("SELECT 1 AS n", tmp_path / "it's.parquet")
        assert (tmp_path / "it's.parquet").exists()


def test_the_sink_keeps_every_event_over_many_batches() -> None:
    """More events than a batch holds all arrive, in order, ends falling back to starts."""
    told: list[int] = []
    with Engine() as engine:
        sink = Sink(engine, told.append)
        sink.begin("a")
        for n in range(BATCH + 10):
            sink.event(interaction_id="i", started_us=n, line=n)
        sink.flush()
        assert engine.one(
            "SELECT count(*), sum(started_us - line), sum(ended_us - started_us), min(source) FROM raw_events"
        ) == (BATCH + 10, 0, 0, "a")
    assert told == list(range(1_000, BATCH + 1, 1_000))


def test_an_unknown_column_is_an_error() -> None:
    """A reader that misspells a column hears of it."""
    with Engine() as engine, pytest.raises(KeyError, match="tema"):
        Sink(engine).event(interaction_id="i", started_us=0, tema="x")


def test_notes_of_a_source_add_up_with_a_few_examples() -> None:
    """Equal notes are counted, and at most five examples are kept."""
    with Engine() as engine:
        sink = Sink(engine)
        sink.begin("a")
        for n in range(9):
            sink.note("odd", "is odd", example=n)
        sink.begin("b")
        sink.note("odd", "is odd")
        assert [(note.message, note.count, len(note.examples)) for note in sink.notes] == [
            ("a: is odd", 9, 5),
            ("b: is odd", 1, 0),
        ]


def test_a_source_that_was_none_is_forgotten() -> None:
    """Rejects and notes of a passed-over file go, those of others stay."""
    with Engine() as engine:
        sink = Sink(engine)
        for name in ("a", "b"):
            sink.begin(name)
            sink.reject(1, "c", "x", "why")
            sink.note("odd", "is odd")
        sink.forget("a")
        assert engine.rows("SELECT source FROM rejects") == [("b",)]
        assert dict(sink.rejected) == {"b": 1} and [note.message for note in sink.notes] == ["b: is odd"]


def test_long_rejected_cells_are_cut() -> None:
    """A rejected record keeps 200 characters of what was wrong."""
    with Engine() as engine:
        sink = Sink(engine)
        sink.begin("a")
        sink.reject(None, None, "x" * 1_000, "why")
        sink.flush()
        assert engine.one('SELECT length("value") FROM rejects') == (200,)


def test_the_schema_has_no_column_twice() -> None:
    """Column names are told apart without regard to case, as the engine does."""
    assert len({name.lower() for name in RAW_EVENTS}) == len(RAW_EVENTS)
