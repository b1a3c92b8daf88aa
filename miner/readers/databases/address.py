"""Addresses of sources: `postgresql://user@host/db?table=events`, `sqlite:file.db?query=SELECT …`, `https://…`."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

from miner.errors import Problem, UsageError

_SCHEMES = {
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlite": "sqlite",
    "duckdb": "duckdb",
    "s3": "s3",
    "https": "https",
    "http": "http",
}
_FILES = ("sqlite", "duckdb")
_WEB = ("s3", "https", "http")
_ADDRESS = re.compile(rf"(?:([a-z][a-z0-9_]+):)?({'|'.join(_SCHEMES)}):(.+)", re.DOTALL)
LOCAL = ("localhost", "127.0.0.1", "::1")
_SECRETS = ("password", "passwd", "pwd", "sslpassword", "passfile", "service")


@dataclass(frozen=True)
class Address:
    """Where rows or a file come from. `name` is what the user sees and the manifest keeps: it holds no secret."""

    scheme: str
    place: str  # a path, or what stands before the question mark
    name: str
    table: str | None = None
    query: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    kind: str | None = None  # the reader the user asked for: "zendesk:https://…"

    @property
    def suffix(self) -> str:
        """The ending of the file that it is copied to."""
        if self.scheme in ("https", "http"):
            return "".join(Path(urlsplit(self.place).path).suffixes[-2:])[-20:]
        return ".parquet"

    @property
    def host(self) -> str | None:
        """The server, where there is one."""
        return urlsplit(self.place).hostname


def address_of(source: str, folder: Path | None = None) -> Address | None:
    """The address that a source is, or None for a file, a folder or KIND:PATH.

    Paths of embedded databases may be relative to `folder`. UsageError for an address that says too little,
    too much, or a password.
    """
    matched = _ADDRESS.fullmatch(source)
    if not matched or os.path.exists(source):
        return None
    kind, scheme, rest = matched[1], _SCHEMES[matched[2]], matched[3]
    if scheme not in _FILES and not rest.startswith("//"):
        raise UsageError(
            Problem(
                f"an address of that kind begins with {matched[2]}://",
                _without_password(source),
                fix=f"write {matched[2]}://HOST/…",
            )
        )
    place, _, said = rest.partition("?")
    name = f"{matched[2]}:{rest}"
    if scheme in _FILES:
        path = Path(os.path.expanduser(place.removeprefix("//")))
        place = str(path if folder is None or path.is_absolute() else folder / path)
        return Address(scheme, place, name, *_asked(said, source), kind)
    _refuse_password(rest, said, source)
    if scheme not in _WEB:
        return Address(scheme, f"{scheme}:{place}", name, *_asked(said, source), kind)
    if scheme == "http" and urlsplit(rest).hostname not in LOCAL:
        raise UsageError(f"{scheme}:{place} is not encrypted", fix="use https:// (http is for this machine only)")
    # What follows the question mark may be a signature that lets anybody in: it is used and not kept.
    return Address(scheme, name, f"{scheme}:{place}", kind=kind)


def _asked(query_text: str, source: str) -> tuple[str | None, str | None, tuple[tuple[str, str], ...]]:
    """Table or query, and the other options; `query=` takes all that follows it."""
    before, found, query = query_text.partition("query=")
    if found and before and not before.endswith("&"):
        before, found, query = query_text, "", ""
    if query and not re.search(r"\s", query):
        query = unquote_plus(query)
    options = dict(parse_qsl(before, keep_blank_values=True))
    table = options.pop("table", None)
    if bool(table) == bool(query):
        raise UsageError(
            Problem("name a table or a query", _without_password(source), fix="add ?table=NAME, or ?query=SELECT …")
        )
    return table or None, query or None, tuple(options.items())


def _refuse_password(rest: str, query: str, source: str) -> None:
    try:
        password = urlsplit(rest).password
    except ValueError:
        raise UsageError(
            Problem(
                "this address cannot be parsed",
                _without_password(source),
                fix="write SCHEME://USER@HOST/DATABASE?table=NAME",
            )
        ) from None
    secret = any(name.lower() in _SECRETS for name, _ in parse_qsl(query.partition("query=")[0]))
    if password is not None or secret:
        raise UsageError(
            Problem(
                "an address must not contain a password",
                _without_password(source),
                fix="set PGPASSWORD or MYSQL_PWD, or keep it in ~/.pgpass or ~/.my.cnf",
            )
        )


def _without_password(source: str) -> str:
    return re.sub(r"://[^/@]*@", "://…@", source).partition("?")[0]


def login(address: Address) -> tuple[str | None, str | None, int | None, str]:
    """(user, host, port, database) of a server's address; InputError for a bad port."""
    parts = urlsplit(address.place)
    try:
        port = parts.port
    except ValueError:
        raise UsageError(Problem("the port is not a number", address.name, fix="write HOST:5432, say")) from None
    user = unquote(parts.username) if parts.username else None
    return user, parts.hostname, port, unquote(parts.path.lstrip("/"))
