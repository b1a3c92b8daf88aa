"""SQLite and DuckDB files as sources, by an address or lying among the exports."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from miner.errors import InputError, UsageError
from miner.pipeline import look, run
from miner.pipeline.settings import Settings
from miner.readers.base import SourceFile
from miner.readers.databases import address_of, database, fetch
from tests.readers.reading import read

COLUMNS = {"case": "ticket", "activity": "step", "time": "at"}
STEPS = [("007", "opened", "2026-03-02 10:00:00"), ("007", "passed", "2026-03-02 10:05:00"), ("8", None, "never")]


def sqlite_file(path: Path, more: bool = True) -> Path:
    """A SQLite file with a log and, where wanted, another table."""
    with sqlite3.connect(path) as found:
        found.execute("CREATE TABLE steps (ticket TEXT, step TEXT, at TEXT)")
        found.executemany("INSERT INTO steps VALUES (?, ?, ?)", STEPS)
        if more:
            found.execute('CREATE TABLE "odd ""name" (a, A2, raw, n)')
            found.execute("INSERT INTO \"odd \"\"name\" VALUES (1.0, NULL, x'00ff', 'ü')")
    found.close()
    return path


def duckdb_file(path: Path, more: bool = True) -> Path:
    """A DuckDB file with a log and, where wanted, another table."""
    with duckdb.connect(str(path)) as found:
        found.execute('CREATE TABLE steps (ticket TEXT, step TEXT, "at" TIMESTAMP)')
        found.executemany("INSERT INTO steps VALUES (?, ?, TRY_CAST(? AS TIMESTAMP))", STEPS)
        if more:
            found.execute("CREATE TABLE other AS SELECT {'a': [1]} AS nested, 1.5::DECIMAL(9, 2) AS n")
            found.execute("CREATE VIEW peek AS SELECT * FROM read_csv('/etc/passwd')")
    return path


MAKERS: dict[str, Callable[..., Path]] = {"sqlite": sqlite_file, "duckdb": duckdb_file}
each = pytest.mark.parametrize("scheme", list(MAKERS))


@each
def test_a_table_by_its_address(scheme: str, tmp_path: Path) -> None:
    """A table is read by its mapping; bad rows are rejected under the address's name."""
    source = f"{scheme}:{MAKERS[scheme](tmp_path / 'crm.db')}?table=steps"
    made = run([source], tmp_path / "w", Settings(columns=COLUMNS, tz="Europe/Berlin", until="measure"))
    events = made.table("events")
    assert list(events["interaction_id"]) == ["007", "007"]
    assert str(events["started_at"][0]) == "2026-03-02 09:00:00"
    rejects = (tmp_path / "w" / "rejects.csv").read_text()
    assert rejects.count(source) == 1 and json.loads((tmp_path / "w" / "quality.json").read_text())["rejects"]


@each
def test_a_query_by_its_address(scheme: str, tmp_path: Path) -> None:
    """A query may hold what addresses use for themselves; two slashes may stand before the path."""
    MAKERS[scheme](tmp_path / "crm.db")
    query = "SELECT ticket AS \"a&b=c\", '?table=x' AS q FROM steps WHERE ticket <> '8' -- ; no; more"
    address = address_of(f"{scheme}://{tmp_path}/crm.db?query={query}")
    assert address and address.table is None
    found = duckdb.sql(f"SELECT * FROM read_parquet('{fetch(address, tmp_path)}')")
    assert found.columns == ["a&b=c", "q"] and set(found.fetchall()) == {("007", "?table=x")}


@each
@pytest.mark.parametrize(
    "query",
    [
        "DROP TABLE steps",
        "SELECT 1; SELECT 2",
        "PRAGMA user_version = 3",
        "ATTACH 'x.db' AS x",
        "SELECT nothing",
        "CREATE TABLE t (a)",
        "SELECT * INTO x FROM steps",
        "COPY steps TO 'x.csv'",
    ],
)
def test_only_one_select(scheme: str, query: str, tmp_path: Path) -> None:
    """Whatever is no single SELECT is an error, and the file stays as it was."""
    path = MAKERS[scheme](tmp_path / "crm.db")
    before = path.read_bytes()
    address = address_of(f"{scheme}:{path}?query={query}")
    assert address is not None
    (tmp_path / "copies").mkdir()
    with pytest.raises(InputError):
        fetch(address, tmp_path / "copies")
    assert path.read_bytes() == before and not (tmp_path / "x.db").exists()


def test_a_file_of_others_reaches_no_other_file(tmp_path: Path) -> None:
    """A view in a DuckDB file that looks at another file of this machine is refused."""
    address = address_of(f"duckdb:{duckdb_file(tmp_path / 'crm.db')}?table=peek")
    assert address is not None
    with pytest.raises(InputError, match="DuckDB says"):
        fetch(address, tmp_path)


def test_odd_names_and_cells(tmp_path: Path) -> None:
    """A name with a quote is a name; bytes become text."""
    address = address_of(f'sqlite:{sqlite_file(tmp_path / "crm.db")}?table=odd "name')
    assert address is not None
    assert duckdb.sql(f"FROM read_parquet('{fetch(address, tmp_path)}')").fetchall() == [("1.0", None, "\0�", "ü")]


@each
def test_what_is_not_there(scheme: str, tmp_path: Path) -> None:
    """A missing table is an error that names those there are; so is a missing file, and one of another kind."""
    path = MAKERS[scheme](tmp_path / "crm.db")
    (tmp_path / "text.db").write_text("no database at all, but a text")
    for place, said in ((path, "steps"), (tmp_path / "no.db", "no such file"), (tmp_path / "text.db", "text.db")):
        address = address_of(f"{scheme}:{place}?table=nowhere")
        assert address is not None
        with pytest.raises(InputError, match=said):
            fetch(address, tmp_path)


@pytest.mark.parametrize("said", ["", "?", "?table=", "?query=", "?table=a&query=SELECT 1", "?tabel=a"])
def test_which_rows(said: str) -> None:
    """An address names a table or a query, and not both."""
    with pytest.raises(UsageError, match="name a table or a query"):
        address_of(f"sqlite:crm.db{said}")


def test_a_long_query(tmp_path: Path) -> None:
    """A query may be longer than any name of a file."""
    columns = ", ".join(f"'{n}' AS c{n}" for n in range(300))
    address = address_of(f"sqlite:{sqlite_file(tmp_path / 'crm.db')}?query=SELECT {columns}")
    assert address is not None and len(duckdb.sql(f"FROM read_parquet('{fetch(address, tmp_path)}')").columns) == 300


@given(
    st.sampled_from(["sqlite:", "duckdb://", "postgresql://", "mysql:", "s3://", "https://", "x:http://", ""]),
    st.text(st.sampled_from("ab:/?&=@[]%+#. \n'\";\0é"), max_size=30),
)
def test_any_text_is_an_address_or_none(scheme: str, rest: str) -> None:
    """Whatever stands where a source is named is an address, none, or an error that says what is wrong."""
    try:
        address = address_of(scheme + rest)
    except UsageError as error:
        assert all(problem.what for problem in error.problems)
    else:
        assert address is None or address.name


@pytest.mark.parametrize("source", ["crm.db", "zendesk:export.json", "exports/", "eventlog:a?table=b", "C:\\x.csv"])
def test_other_sources_are_no_addresses(source: str) -> None:
    """Files, folders and KIND:PATH stay what they were."""
    assert address_of(source) is None


def test_a_file_that_is_called_so_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What exists under a name that looks like an address is that file."""
    monkeypatch.chdir(tmp_path)
    Path("sqlite:crm.db?table=steps").write_text("x")
    assert address_of("sqlite:crm.db?table=steps") is None


@each
def test_a_file_with_one_table(scheme: str, tmp_path: Path) -> None:
    """A database file that was named is read where it holds one table; with more it is asked which."""
    path = MAKERS[scheme](tmp_path / "one.db", more=False)
    assert database.sniff(SourceFile(path.name, path)) is not None
    found = read(database, path, columns=COLUMNS)
    assert [e["activity"] for e in found.events] == ["opened", "passed"]
    assert found.reports[0].why == "its only table, steps"
    with pytest.raises(InputError, match=rf"name the table.*\n.*{scheme}:two.db\?table=NAME; its tables are: .*steps"):
        read(database, MAKERS[scheme](tmp_path / "two.db"))


def test_a_lone_view_is_not_run(tmp_path: Path) -> None:
    """A database file that holds nothing but a view is asked for by name, or not read."""
    path = tmp_path / "view.db"
    with sqlite3.connect(path) as found:
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT * FROM n"
        found.execute(f"CREATE VIEW steps AS {endless}")
    found.close()
    with pytest.raises(InputError, match="name the table that holds the log"):
        read(database, path)


@each
def test_in_the_mapping_of_a_folder(scheme: str, tmp_path: Path) -> None:
    """A mapping.yaml names tables of a database beside it, also where the folder holds nothing else."""
    exports = tmp_path / "exports"
    exports.mkdir()
    mapping = {"sources": {f"{scheme}:crm.db?table=steps": {"tz": "Europe/Berlin", "map": COLUMNS}}}
    (exports / "mapping.yaml").write_text(json.dumps(mapping))
    MAKERS[scheme](tmp_path / "crm.db").rename(exports / "crm.db")
    quality, reports = look([str(exports)], Settings())
    assert [(r.file, r.events) for r in reports] == [(f"{scheme}:crm.db?table=steps", 2)]
    assert "Europe/Berlin" in (reports[0].time or "") and "crm.db" in str(quality["passed_over"])
    (exports / "crm.db").rename(tmp_path / "crm.db")
    (exports / "mapping.yaml").write_text(json.dumps(mapping).replace("crm.db", "../crm.db"))
    assert look([str(exports)], Settings())[1][0].events == 2


def test_resumed_while_the_rows_are_the_same(tmp_path: Path) -> None:
    """A run with the same rows goes on where it was; with others it begins anew."""
    path = sqlite_file(tmp_path / "crm.db")
    source, settings = f"sqlite:{path}?table=steps", Settings(columns=COLUMNS, until="measure")
    first = run([source], tmp_path / "w", settings).manifest
    assert run([source], tmp_path / "w", settings).manifest == first
    with sqlite3.connect(path) as found:
        found.execute("INSERT INTO steps VALUES ('9', 'opened', '2026-03-03 10:00:00')")
    found.close()
    assert run([source], tmp_path / "w", settings).manifest["key"] != first["key"]
