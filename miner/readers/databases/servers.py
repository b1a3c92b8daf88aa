"""PostgreSQL and MySQL or MariaDB through their Python drivers, in transactions that only read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from miner.errors import InputError, Problem, ServerError
from miner.readers.databases.address import Address, login
from miner.readers.databases.batches import Rows, in_batches

_WAIT_S = 15
_AS_TEXT = ("timestamp", "timestamptz", "date", "time", "timetz", "interval", "json", "jsonb", "numeric")


@contextmanager
def open_postgresql(address: Address, sql: str) -> Iterator[tuple[list[str], Rows]]:
    """The names and rows of a SELECT. The password comes from PGPASSWORD or ~/.pgpass, as libpq finds it."""
    try:
        import psycopg
        from psycopg.types.string import TextLoader
    except ImportError:
        from miner.readers.databases.extensions import through_engine

        with through_engine(address, sql) as found:
            yield found
        return
    user, host, port, database = login(address)
    known = {"user": user, "host": host, "port": port, "dbname": database}
    options: dict[str, Any] = {"connect_timeout": _WAIT_S, "application_name": "interaction-miner"}
    options |= {name: value for name, value in known.items() if value} | dict(address.options)
    try:
        connection = psycopg.connect(**options)
    except (psycopg.Error, ValueError) as error:
        raise _unreachable(address, error, "PGPASSWORD or ~/.pgpass") from None
    with connection:
        connection.read_only = True
        for kind in _AS_TEXT:  # as the server writes them: no time is out of range, and infinity is a word
            connection.adapters.register_loader(kind, TextLoader)
        try:
            connection.execute("SET LOCAL datestyle = 'ISO'")
            connection.execute("SET LOCAL timezone = 'UTC'")
            with connection.cursor(name="interaction_miner") as cursor:
                cursor.execute(sql.encode())
                yield [column.name for column in cursor.description or ()], in_batches(cursor.fetchmany)
        except psycopg.Error as error:
            raise _refused(address, "PostgreSQL", str(error).splitlines()[:1]) from None


@contextmanager
def open_mysql(address: Address, sql: str) -> Iterator[tuple[list[str], Rows]]:
    """The names and rows of a SELECT. The password comes from MYSQL_PWD or ~/.my.cnf."""
    try:
        import pymysql
    except ImportError:
        from miner.readers.databases.extensions import through_engine

        with through_engine(address, sql) as found:
            yield found
        return
    try:
        connection = pymysql.connect(**_mysql_options(address))
    except (pymysql.Error, OSError, RuntimeError) as error:
        raise _unreachable(address, error, "MYSQL_PWD or ~/.my.cnf") from None
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
            cursor.execute("SET time_zone = '+00:00'")
            cursor.execute("START TRANSACTION READ ONLY")
            cursor.execute(sql)
            yield [column[0] for column in cursor.description or ()], in_batches(cursor.fetchmany)
    except pymysql.Error as error:
        raise _refused(address, "MySQL", [str(error.args[-1])] if error.args else []) from None


def _mysql_options(address: Address) -> dict[str, Any]:
    import ssl

    from pymysql.constants import FIELD_TYPE
    from pymysql.converters import encoders
    from pymysql.cursors import SSCursor

    user, host, port, database = login(address)
    said = dict(address.options)
    options: dict[str, Any] = {
        "host": host,
        "port": port or 3306,
        "user": user,
        "database": database or None,
        "charset": "utf8mb4",
        "connect_timeout": _WAIT_S,
        "cursorclass": SSCursor,
        "password": os.environ.get("MYSQL_PWD", ""),
        # Everything as the server writes it; only its own clock says its zone.
        "conv": {**encoders, FIELD_TYPE.TIMESTAMP: lambda text: f"{text}+00:00"},
        "unix_socket": said.get("socket"),
    }
    if "tls_ca" in said:
        options["ssl"] = ssl.create_default_context(cafile=said["tls_ca"] or None)
    own = Path.home() / ".my.cnf"
    if own.is_file() and "MYSQL_PWD" not in os.environ:
        options["read_default_file"] = str(own)
    return {name: value for name, value in options.items() if value is not None}


def _unreachable(address: Address, error: Exception, secret: str) -> ServerError:
    said = " ".join(str(error.args[-1] if error.args else error).split())
    fix = f"check that it runs and that the password is in {secret}?"
    return ServerError(Problem(f"the server cannot be reached: {said[:300]}", address.name, fix=fix))


def _refused(address: Address, who: str, words: list[str]) -> InputError:
    return InputError(
        Problem(
            f"{who} says: {words[0] if words else 'no'}",
            address.name,
            fix="check the table name, the query and your permissions",
        )
    )
