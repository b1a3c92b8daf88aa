"""One database of a server: statements in, rows and counters out, every wait with an end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from miner.graph.neo4j.login import Login
from miner.graph.neo4j.trouble import lasting, server_errors

if TYPE_CHECKING:
    from neo4j import Record, SummaryCounters

T = TypeVar("T")
Params = Mapping[str, Any]
# Seconds. The driver's own defaults try again for minutes.
CONNECT, ACQUIRE = 8.0, 12.0
# How long to try again: a server that was there will come back, one that never was need not be waited for.
PATIENCE, FIRST_PATIENCE = 15.0, 3.0
STATEMENT = 300.0
# The driver logs each failed attempt; unless a program listens, Python would print that beside our own message.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


class Database:
    """An open connection to one database; threads may share it. Use as a context manager."""

    def __init__(self, login: Login):
        import neo4j

        self.login = login
        self._patience = FIRST_PATIENCE
        with server_errors(login):
            self._driver = neo4j.GraphDatabase.driver(
                login.uri,
                auth=(login.user, login.password),
                user_agent="interaction-miner",
                connection_timeout=CONNECT,
                connection_acquisition_timeout=ACQUIRE,
                max_transaction_retry_time=0.0,
                notifications_min_severity="OFF",
                telemetry_disabled=True,
            )

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._driver.close()

    def read(self, cypher: str, params: Params | None = None, timeout: float = STATEMENT) -> list[Record]:
        """All rows of a statement of ours, in a session that cannot write."""
        return self.patiently(lambda: self._read(cypher, params or {}, timeout))

    def write(
        self, cypher: str, params: Params | None = None, check: Callable[[SummaryCounters], None] | None = None
    ) -> None:
        """Run a statement of ours in a transaction of its own; what `check` raises undoes it.

        While the server is away it is tried again, so the statement must bear being run twice.
        """
        self.patiently(lambda: self._write(cypher, params or {}, check))

    def write_once(self, cypher: str, params: Params, check: Callable[[SummaryCounters], None] | None = None) -> None:
        """The same, tried once; raises the driver's own errors."""
        self._write(cypher, params, check)

    def session(self, read: bool) -> Any:
        """A session of the driver, for reading or for writing."""
        import neo4j

        mode = neo4j.READ_ACCESS if read else neo4j.WRITE_ACCESS
        return self._driver.session(database=self.login.database, default_access_mode=mode)

    def _read(self, cypher: str, params: Params, timeout: float) -> list[Record]:
        import neo4j

        with self.session(read=True) as session:
            return list(session.run(neo4j.Query(cypher, timeout=timeout), dict(params)))

    def _write(self, cypher: str, params: Params, check: Callable[[SummaryCounters], None] | None) -> None:
        with self.session(read=False) as session, session.begin_transaction(timeout=STATEMENT) as transaction:
            counters = transaction.run(cypher, dict(params)).consume().counters
            if check:
                check(counters)
            transaction.commit()

    def patiently(self, work: Callable[[], T]) -> T:
        """Do it, again and again for some seconds while the server is away; ServerError after that."""
        end = time.monotonic() + self._patience
        pause = 0.2
        while True:
            with server_errors(self.login):
                try:
                    answer = work()
                    self._patience = PATIENCE
                    return answer
                except Exception as error:
                    if lasting(error) or time.monotonic() + pause > end:
                        raise
            time.sleep(pause)
            pause = min(2 * pause, 3.0)


def reach(login: Login) -> None:
    """Knock at a server; ServerError where it does not answer or does not know the user."""
    with Database(login) as database:
        database.read("RETURN 1 AS one")
