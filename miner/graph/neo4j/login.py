"""Which server, and who asks: address and credentials, from the environment, a file or a prompt."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from miner.errors import UsageError

SCHEMES = ("neo4j", "neo4j+s", "bolt", "bolt+s")
# As other programs write them behind an address.
_SECRET = frozenset({"user", "username", "password", "token"})
Ask = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Login:
    """A server, a user and a database (None: the user's own default). The password is never shown."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str | None = None

    def __str__(self) -> str:
        return f"{self.uri}{f' (database {self.database})' if self.database else ''}"


def is_uri(text: str) -> bool:
    """True for what looks like the address of a server."""
    return "://" in text


def login(
    uri: str | None = None,
    database: str | None = None,
    ask: Ask | None = None,
    environment: Mapping[str, str] | None = None,
) -> Login:
    """The server at `uri` (else NEO4J_URI), with NEO4J_USERNAME, NEO4J_PASSWORD and NEO4J_DATABASE.

    They come from the environment, else from a file `.env` in the current folder, else from `ask`,
    which is given what to ask for. Raises UsageError where one is missing or the address is none.
    """
    known = {**_env_file(Path(".env")), **(os.environ if environment is None else environment)}
    address = _address(uri or known.get("NEO4J_URI") or "")
    user, password = known.get("NEO4J_USERNAME") or "neo4j", known.get("NEO4J_PASSWORD")
    if not password and ask:
        password = ask(f"Password of {user} at {address}")
    if not password:
        raise UsageError(
            f"there is no password for {user} at {address}",
            fix="set NEO4J_USERNAME and NEO4J_PASSWORD in the environment or in a file .env",
        )
    return Login(address, user, password, database or known.get("NEO4J_DATABASE") or None)


def _address(uri: str) -> str:
    if not uri:
        raise UsageError("no server was given", fix="give --graph neo4j://HOST:7687, or set NEO4J_URI")
    try:
        parts = urlsplit(uri)
        host, secret = parts.hostname, parts.password or parts.username or _SECRET & {*parse_qs(parts.query.lower())}
        _ = parts.port
    except ValueError:
        raise UsageError("the server address is invalid", fix="use a form like neo4j://localhost:7687") from None
    if secret:
        # Said without the address, which would show what should not be seen.
        raise UsageError(
            "an address must not contain a user or password", fix="set NEO4J_USERNAME and NEO4J_PASSWORD instead"
        )
    if parts.scheme not in SCHEMES or not host:
        raise UsageError(
            f"{uri} is not the address of a Neo4j server",
            fix=f"use one of: {', '.join(f'{s}://' for s in SCHEMES)}",
        )
    if parts.path.strip("/"):
        raise UsageError(f"{uri} names a database", fix="name it with --database or NEO4J_DATABASE instead")
    return uri


def _env_file(path: Path) -> dict[str, str]:
    """The NEO4J_ lines of a `.env` file; nothing else in it is looked at."""
    if not path.is_file():
        return {}
    values = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and name.strip().startswith("NEO4J_"):
            value = value.strip()
            quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "'\""
            values[name.strip()] = value[1:-1] if quoted else value
    return values
