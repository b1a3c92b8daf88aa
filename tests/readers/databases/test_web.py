"""Files of the web and of S3 as sources."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError, ServerError, UsageError
from miner.pipeline import look, run
from miner.pipeline.settings import Settings
from miner.readers.databases import address_of, extensions, fetch
from tests.readers.reading import FIXTURES

CSV = b"case_id,activity,timestamp\n1,opened,2026-03-02T10:00:00Z\n1,closed,2026-03-02T11:00:00Z\n"


class _Site(BaseHTTPRequestHandler):
    """A few answers, good and bad."""

    def __init__(self, seen: list[str], *rest: Any):
        self.seen = seen
        super().__init__(*rest)

    def do_GET(self) -> None:
        self.seen.append(self.path)
        path = self.path.partition("?")[0]
        where = {"/away": "http://example.invalid/log.csv", "/file": "file:///etc/passwd", "/again": "/log.csv"}
        if path in where:
            self.send_response(302)
            self.send_header("Location", where[path])
            self.end_headers()
        elif path in ("/log.csv", "/short.csv", "/calls.json"):
            body = (FIXTURES / "vcon" / "meyer.vcon.json").read_bytes() if path == "/calls.json" else CSV
            self.send_response(200)
            self.send_header("Content-Length", str(len(body) + (path == "/short.csv")))
            self.end_headers()
            self.wfile.write(body)
        elif path == "/endless.csv":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(CSV * 1000)
        else:
            self.send_error(403)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine, and what it was asked for."""
    seen: list[str] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Site, seen)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", seen
        server.shutdown()
        thread.join()


def get(source: str, folder: Path) -> Path:
    """The file that an address gives."""
    address = address_of(source)
    assert address is not None
    return fetch(address, folder)


def test_a_file_of_the_web(site: tuple[str, list[str]], tmp_path: Path) -> None:
    """A file is fetched and read like any other; what signs its address is used and kept nowhere."""
    made = run([f"{site[0]}/log.csv?signature=s3cr3t"], tmp_path / "w", Settings(until="measure"))
    assert len(made.table("events")) == 2
    assert made.manifest["inputs"][0]["name"] == f"{site[0]}/log.csv"
    assert site[1] == ["/log.csv?signature=s3cr3t"]
    assert not any(b"s3cr3t" in path.read_bytes() for path in (tmp_path / "w").rglob("*") if path.is_file())


def test_its_reader_is_found_or_named(site: tuple[str, list[str]]) -> None:
    """What a file of the web is, is found from its content, or said before its address."""
    for source in (f"{site[0]}/calls.json", f"vcon:{site[0]}/calls.json"):
        assert [report.reader for report in look([source], Settings())[1]] == ["vcon"]


def test_redirects(site: tuple[str, list[str]], tmp_path: Path) -> None:
    """A redirect on the same machine is followed, one to an address that is not encrypted is not."""
    assert get(f"{site[0]}/again", tmp_path).read_bytes() == CSV
    for path in ("away", "file"):
        with pytest.raises(ServerError, match=r"download failed|answers 302"):
            get(f"{site[0]}/{path}", tmp_path)


def test_what_goes_wrong(site: tuple[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals, downloads that stop short, and files that never end are errors."""
    with pytest.raises(ServerError, match="answers 403"):
        get(f"{site[0]}/secret.csv", tmp_path)
    with pytest.raises(ServerError, match="cut off after"):
        get(f"{site[0]}/short.csv", tmp_path)
    with pytest.raises(ServerError, match="download failed"):
        get("http://127.0.0.1:1/log.csv", tmp_path)
    monkeypatch.setenv("MINER_MAX_DOWNLOAD", "100")
    for path in ("endless.csv", "calls.json"):
        with pytest.raises(InputError, match="larger than 100 bytes"):
            get(f"{site[0]}/{path}", tmp_path)


@pytest.mark.parametrize("source", ["http://example.org/x.csv", "http://127.0.0.1.example.org/x.csv"])
def test_only_encrypted(source: str) -> None:
    """Files of other machines are fetched over https only."""
    with pytest.raises(UsageError, match="not encrypted"):
        address_of(source)


def test_a_password_in_the_address() -> None:
    """An address of the web holds no password."""
    with pytest.raises(UsageError, match="must not contain a password"):
        address_of("https://me:geheim@example.org/x.csv")


def test_s3_needs_its_extension(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the engine's extension an error says how to get it, and the other way."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(InputError, match=r"(?s)httpfs.*not installed.*INSTALL httpfs.*signed https:// address"):
        get("s3://bucket/log.parquet", tmp_path)


class _Session:
    """Stands for an engine that has an extension, and keeps what it was told."""

    description = (("n",),)

    def __init__(self) -> None:
        self.told: list[str] = []
        self.rows = [[("1",)], []]

    def execute(self, sql: str) -> _Session:
        self.told.append(sql)
        return self

    def fetchmany(self, _: int) -> list[tuple[str]]:
        return self.rows.pop(0)

    def close(self) -> None:
        self.told.append("closed")


def test_s3_through_the_extension(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys come from the environment; the object is copied as Parquet, CSV as text; names are quoted."""
    session = _Session()
    monkeypatch.setattr(extensions, "_session", lambda *_: session)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "it's")
    get("s3://bucket/a'b.parquet", tmp_path)
    get("s3://bucket/log.csv.gz", tmp_path)
    told = "\n".join(session.told)
    assert "SET s3_access_key_id = 'it''s'" in told
    assert "read_parquet('s3://bucket/a''b.parquet')" in told
    assert "read_csv('s3://bucket/log.csv.gz', all_varchar = true" in told


def test_servers_through_the_extension(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a driver the engine's extension asks the server, with the same query and no right to write."""
    session = _Session()
    monkeypatch.setattr(extensions, "_session", lambda *_: session)
    address = address_of("postgresql://me@db.example:5433/crm?table=steps")
    assert address is not None
    with extensions.through_engine(address, 'SELECT * FROM "o\'clock"') as (names, batches):
        assert names == ["n"] and list(batches) == [[("1",)]]
    said = "user=me host=db.example port=5433 dbname=crm"
    assert session.told[0] == f"ATTACH '{said}' AS server (TYPE postgres, READ_ONLY)"
    assert session.told[1] == "SELECT * FROM postgres_query('server', 'SELECT * FROM \"o''clock\"')"


def test_a_driver_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without driver and extension an error names both."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for scheme, driver, extra in (("postgresql", "psycopg", "postgres"), ("mysql", "pymysql", "mysql")):
        monkeypatch.setitem(__import__("sys").modules, driver, None)
        with pytest.raises(InputError, match=rf"interaction-miner\[{extra}\]"):
            get(f"{scheme}://me@localhost/crm?table=steps", tmp_path)
