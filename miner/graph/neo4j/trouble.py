"""What a server says when it refuses, in words that help."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from miner.errors import ServerError
from miner.graph.neo4j.login import Login

if TYPE_CHECKING:
    from neo4j.exceptions import Neo4jError

AGAIN = "run the same command again to resume"
# After a full disk it writes nothing more, not even with room again, until it is restarted.
_ROOM = f"free disk space and restart it; then {AGAIN}"
# Ends of the server's codes, with what happened and what to do; {user}, {where} are filled in.
_REASONS: dict[str, tuple[str, str]] = {
    "Security.Unauthorized": ("{where} refused the password of {user}", "check NEO4J_USERNAME and NEO4J_PASSWORD"),
    "Security.AuthenticationRateLimit": (
        "{where} has locked out {user} after too many wrong passwords",
        "wait five seconds, then try again with the right password",
    ),
    "Security.CredentialsExpired": (
        "the password of {user} must be changed first",
        "change it in Neo4j Browser or cypher-shell",
    ),
    "Security.Forbidden": (
        "{user} does not have permission to do this at {where}",
        "use an account that may write and create constraints",
    ),
    "General.ForbiddenOnReadOnlyDatabase": (
        "the database at {where} is read-only",
        "ask its administrator to make it writable",
    ),
    "General.WriteOnReadOnlyAccessDatabase": (
        "the database at {where} is read-only",
        "ask its administrator to make it writable",
    ),
    "Database.DatabaseNotFound": (
        "no such database at {where}",
        "check --database and NEO4J_DATABASE; SHOW DATABASES lists them",
    ),
    "Database.DatabaseUnavailable": ("the database at {where} is not available", f"when it is up, {AGAIN}"),
    "General.DatabaseUnavailable": ("the database at {where} is not available", f"when it is up, {AGAIN}"),
    "General.MemoryPoolOutOfMemoryError": (
        "the server has too little memory for a transaction",
        f"raise db.memory.transaction.max or the heap of the server, or use --writers 1; then {AGAIN}",
    ),
    "General.TransactionOutOfMemoryError": (
        "the server has too little memory for a transaction",
        f"raise db.memory.transaction.max or the heap of the server, or use --writers 1; then {AGAIN}",
    ),
    "General.OutOfMemoryError": ("the server ran out of memory", f"raise the heap of the server; then {AGAIN}"),
    "Schema.ConstraintValidationFailed": (
        "a constraint in the database rejects the data",
        "see docs/neo4j.md, Constraints; or use a separate database",
    ),
    "Transaction.TransactionTimedOut": ("the server stopped the statement at its own time limit", AGAIN),
    "Transaction.TransactionCommitFailed": ("the server could not write", _ROOM),
    "Transaction.TransactionLogError": ("the server could not write", _ROOM),
    "Transaction.TransactionStartFailed": ("the server accepts no transactions at the moment", _ROOM),
}


@contextmanager
def server_errors(login: Login) -> Iterator[None]:
    """The driver's errors as ServerError."""
    from neo4j.exceptions import ConfigurationError, DriverError, Neo4jError

    try:
        yield
    except Neo4jError as error:
        raise refused(error, login) from error
    except ConfigurationError as error:
        raise ServerError(f"{login} cannot be opened: {error}", fix="check the address") from error
    except (DriverError, OSError) as error:
        raise unreachable(login, error) from error


def refused(error: Neo4jError, login: Login) -> ServerError:
    """A server's refusal, with what to do about it."""
    code = error.code or ""
    known = next((reason for end, reason in _REASONS.items() if code.endswith(end)), None)
    if known is None:
        return ServerError(f"{login} refused: {_first(str(error.message))} ({code})", fix="see docs/neo4j.md")
    what, fix = known
    message = "" if "Security.Unauthorized" in code else f" ({_first(str(error.message))})"
    return ServerError(what.format(user=login.user, where=login) + message, fix=fix)


def unreachable(login: Login, error: Exception) -> ServerError:
    """A server that does not answer, or no longer does."""
    plain = login.uri.replace("+s://", "://")
    tls = "" if plain == login.uri else f" and uses TLS (without TLS the address is {plain})"
    return ServerError(
        f"{login} does not answer ({_first(_root(error))})",
        fix=f"check that the server runs{tls} and the address is right; then {AGAIN}",
    )


def _root(error: BaseException) -> str:
    """What the error at the bottom says: the ones above it only that there was one."""
    below = error.__cause__ or error.__context__
    if isinstance(error, BaseExceptionGroup):
        below = error.exceptions[0]
    return (_root(below) if below else "") or str(error)


def lasting(error: Exception) -> bool:
    """True where trying again cannot help: everything but a server that is away for a moment."""
    from neo4j.exceptions import ServiceUnavailable, SessionExpired, TransientError

    if isinstance(error, (ServiceUnavailable, SessionExpired)):
        return False
    # A limit of memory is called transient by the server, and is reached again each time.
    return not (isinstance(error, TransientError) and "OutOfMemory" not in (error.code or ""))


def _first(text: str) -> str:
    """The first line of a message, cut."""
    line = next((line for line in text.splitlines() if line.strip()), "no message").strip()
    return line if len(line) <= 240 else f"{line[:240]}…"
