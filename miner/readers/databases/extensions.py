"""The event engine's own extensions, where this machine has them: the only way to S3, the second to servers.

They are loaded, never installed from here: what is downloaded and run on a machine is its owner's choice.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from miner.errors import InputError, Problem, ServerError
from miner.events.engine import literal
from miner.readers.databases.address import Address, login
from miner.readers.databases.batches import Rows, in_batches

_SERVERS = {
    "postgresql": ("postgres_scanner", "postgres", "postgres_query", "postgres", "PGPASSWORD"),
    "mysql": ("mysql_scanner", "mysql", "mysql_query", "mysql", "MYSQL_PWD"),
}


def copy_s3(address: Address, target: Path) -> None:
    """Copy a Parquet or CSV object of S3 into a Parquet file; keys come from AWS_ACCESS_KEY_ID and its kin."""
    import duckdb

    connection = _session("httpfs", address, "or give a signed https:// address of the object")
    try:
        place = literal(address.place.partition("?")[0])
        _keys(connection)
        source = (
            f"read_parquet({place})"
            if ".parquet" in address.place
            else f"read_csv({place}, all_varchar = true, header = true)"
        )
        connection.execute(f"COPY (SELECT * FROM {source}) TO {literal(str(target))} (FORMAT parquet)")
    except duckdb.Error as error:
        fix = "check the name, AWS_REGION, and the keys in AWS_ACCESS_KEY_ID"
        raise ServerError(Problem(f"S3 says: {str(error).splitlines()[0]}", address.name, fix=fix)) from None
    finally:
        connection.close()


@contextmanager
def through_engine(address: Address, sql: str) -> Iterator[tuple[list[str], Rows]]:
    """The names and rows of a SELECT on a server without a driver for it; the query runs on the server."""
    import duckdb

    extension, kind, function, extra, _ = _SERVERS[address.scheme]
    connection = _session(extension, address, f"or install the driver: pip install 'interaction-miner[{extra}]'")
    user, host, port, database = login(address)
    names = ("user", "host", "port", "dbname" if kind == "postgres" else "database")
    said = " ".join(f"{name}={value}" for name, value in zip(names, (user, host, port, database), strict=True) if value)
    try:
        connection.execute(f"ATTACH {literal(said)} AS server (TYPE {kind}, READ_ONLY)")
        cursor = connection.execute(f"SELECT * FROM {function}('server', {literal(sql)})")
        yield [column[0] for column in cursor.description], in_batches(cursor.fetchmany)
    except duckdb.Error as error:
        raise ServerError(
            Problem(
                f"the server says: {str(error).splitlines()[0]}",
                address.name,
                fix="check the address, the user and the query",
            )
        ) from None
    finally:
        connection.close()


def _session(extension: str, address: Address, instead: str) -> Any:
    """A session of its own with an extension; InputError that says how to get it."""
    import duckdb

    connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"LOAD {extension}")
    except duckdb.Error:
        connection.close()
        once = f"install it once: python -c \"import duckdb; duckdb.sql('INSTALL {extension}')\""
        raise InputError(
            Problem(
                f"the DuckDB extension {extension}, which reads it, is not installed",
                address.name,
                fix=f"{once}; {instead}",
            )
        ) from None
    return connection


def _keys(connection: Any) -> None:
    """Hand over what the environment says of S3, as the tools of AWS read it."""
    for setting, variable in (
        ("s3_access_key_id", "AWS_ACCESS_KEY_ID"),
        ("s3_secret_access_key", "AWS_SECRET_ACCESS_KEY"),
        ("s3_session_token", "AWS_SESSION_TOKEN"),
        ("s3_region", "AWS_REGION"),
        ("s3_endpoint", "S3_ENDPOINT"),
    ):
        if value := os.environ.get(variable):
            connection.execute(f"SET {setting} = {literal(value)}")
