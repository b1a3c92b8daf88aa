"""A graph on a server, asked as the embedded one is: for reading only, with an end to every wait."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from miner.errors import MinerError, UsageError
from miner.graph.cypher import gate
from miner.graph.cypher.library import queries
from miner.graph.cypher.scope import names_workspace, scoped
from miner.graph.neo4j.database import Database
from miner.graph.neo4j.login import Login
from miner.graph.neo4j.plan import check_plan
from miner.graph.neo4j.statements import LABELS, WORKSPACE
from miner.graph.neo4j.trouble import server_errors
from miner.graph.neo4j.values import plain
from miner.graph.rows import DEFAULT_LIMIT, DEFAULT_TIMEOUT, Rows

_HELD = (
    f"MATCH (w:{WORKSPACE}) RETURN w.id AS id, w.detail AS detail, w.complete AS complete, w.nodes AS nodes ORDER BY id"
)
# Each count is kept by the database, so that this costs nothing.
_COUNT = " + ".join(f"COUNT {{ (:{label}) }}" for label in LABELS)
_AGENTS = "MATCH (a:Agent) WHERE $workspace IS NULL OR a.workspace = $workspace RETURN a.id AS id LIMIT 1"
_PLACE = re.compile(r"\(line (\d+), column \d+")
# The ends of codes that mean: the statement is wrong, or asks for too much.
_OWN_FAULT = ("Statement.", "Procedure.", "Transaction.TransactionTimedOut", "Transaction.Terminated")


class Neo4jGraph:
    """A loaded workspace on a server, open for reading; use as a context manager.

    `workspace` names one where a database holds several. Raises UsageError where there is none of that
    name, ServerError where the server cannot be reached or refuses.
    """

    def __init__(self, login: Login, workspace: str | None = None):
        self.login = login
        self._database = Database(login)
        try:
            self._held = {row["id"]: row for row in self._database.read(_HELD)}
            self.workspace = _choose(login, list(self._held), workspace)
            chosen = self._held.get(self.workspace or "")
            count = self._database.read(f"RETURN {_COUNT} AS n")[0]["n"]
        except BaseException:
            self._database.close()
            raise
        self._alone = chosen is not None and len(self._held) == 1 and chosen["nodes"] == count
        self._checked: set[str] = set()

    def __enter__(self) -> Neo4jGraph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def level(self) -> str:
        """How much of the log it holds: teams, visits or events."""
        chosen = self._held.get(self.workspace or "")
        return str(chosen["detail"]) if chosen else "events"

    @property
    def agents(self) -> bool:
        """True where it says who did each event, in this workspace or, where none is chosen, in any."""
        return bool(self._database.read(_AGENTS, {"workspace": self.workspace}))

    def run(
        self,
        cypher: str,
        params: Mapping[str, Any] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        limit: int | None = DEFAULT_LIMIT,
    ) -> Rows:
        """Run a reading statement (see `rows.Graph`); UsageError for one that writes, is wrong or takes too long."""
        text, notes = self._within(cypher, gate.check(cypher))
        given = dict(params or {})
        if self.workspace is not None:
            given.setdefault("workspace", self.workspace)
        end = time.monotonic() + timeout
        with server_errors(self.login), _statement_errors(timeout):
            self._gate(text, given, timeout)
            return self._rows(text, given, max(0.001, end - time.monotonic()), limit, notes)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def _within(self, cypher: str, text: str) -> tuple[str, list[str]]:
        """The statement, as the gate lets it through, for this workspace alone, and remarks."""
        chosen = self._held.get(self.workspace or "")
        notes = []
        if chosen and not chosen["complete"]:
            notes.append(f"the load of {self.workspace} has not finished: these rows cover only what is loaded so far")
        if self._alone or names_workspace(text):
            return text, notes
        if self.workspace is None:
            raise _several(self.login, list(self._held))
        if any(query.cypher == cypher for query in queries().values()):
            return scoped(text), notes
        if len(self._held) == 1:
            return text, [*notes, "the database also holds nodes that were not loaded from this workspace"]
        raise UsageError(
            f"{self.login} holds several workspaces ({', '.join(self._held)}), and the statement does not choose one",
            fix="write (n:Label {workspace: $workspace}); --workspace sets $workspace",
        )

    def _gate(self, text: str, params: Mapping[str, Any], timeout: float) -> None:
        import neo4j

        if text in self._checked:
            return
        with self._database.session(read=True) as session:
            asked = neo4j.Query(f"EXPLAIN {text}", timeout=timeout)
            summary = session.run(asked, dict(params)).consume()
        check_plan(summary.query_type, summary.plan)
        self._checked.add(text)

    def _rows(self, text: str, params: Mapping[str, Any], timeout: float, limit: int | None, notes: list[str]) -> Rows:
        import neo4j

        with self._database.session(read=True) as session:
            result = session.run(neo4j.Query(text, timeout=timeout), dict(params))
            records = list(result) if limit is None else result.fetch(limit + 1)
            rows = [tuple(plain(value) for value in record.values()) for record in records[:limit]]
            return Rows(list(result.keys()), rows, truncated=len(records) > len(rows), notes=notes)


def _choose(login: Login, held: list[str], wanted: str | None) -> str | None:
    if not held:
        raise UsageError(f"{login} holds no workspace", fix="load one with: miner load WORKSPACE --graph URI")
    if wanted is not None and wanted not in held:
        raise UsageError(f"{login} holds no workspace {wanted!r}", fix=f"there are: {', '.join(held)}")
    return wanted if wanted is not None else held[0] if len(held) == 1 else None


def _several(login: Login, held: list[str]) -> UsageError:
    return UsageError(f"{login} holds several workspaces: {', '.join(held)}", fix="choose one with --workspace NAME")


class _statement_errors:
    """The server's complaints about the statement itself as UsageError."""

    def __init__(self, timeout: float):
        self._timeout = timeout

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        from neo4j.exceptions import Neo4jError

        if not isinstance(error, Neo4jError) or isinstance(error, MinerError):
            return
        code = (error.code or "").removeprefix("Neo.ClientError.")
        if code.startswith("Transaction.TransactionTimedOut") or "TransactionTimedOut" in code:
            raise UsageError(
                f"the query was stopped after {self._timeout:g} s",
                fix="narrow it, or raise the limit with --timeout SECONDS",
            ) from error
        if code.startswith(_OWN_FAULT):
            raise UsageError(_told(str(error.message))) from error


def _told(message: str) -> Any:
    from miner.errors import Problem

    lines = [line for line in message.splitlines() if line.strip()]
    place = _PLACE.search(message)
    what = _PLACE.split(lines[0])[0].strip() if lines else "the server does not understand the statement"
    return Problem(what, line=int(place[1]) if place else None, fix="correct the statement (docs/cypher.md)")
