"""Who asks which server: where address and password come from, and that neither is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.errors import UsageError
from miner.graph.neo4j import Login, login

URI = "neo4j://localhost:7687"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_environment_goes_before_the_file() -> None:
    """A file .env gives what the environment does not; quotes and `export` are no part of a value."""
    Path(".env").write_text(f"export NEO4J_URI='{URI}'\nNEO4J_PASSWORD=\"a=b c\"\nNEO4J_DATABASE=file\nOTHER=1\n")
    assert login(environment={}) == Login(URI, "neo4j", "a=b c", "file")
    found = login(environment={"NEO4J_USERNAME": "ann", "NEO4J_PASSWORD": "p", "NEO4J_DATABASE": "d"})
    assert found == Login(URI, "ann", "p", "d")
    assert login("bolt://h", "mine", environment={}) == Login("bolt://h", "neo4j", "a=b c", "mine")


def test_a_missing_password_is_asked_for() -> None:
    """Who and where is said in asking; where nobody can be asked it is an error."""
    asked: list[str] = []

    def answer(what: str) -> str:
        asked.append(what)
        return "told"

    assert login(URI, ask=answer, environment={}).password == "told"
    assert asked == [f"Password of neo4j at {URI}"]
    with pytest.raises(UsageError, match="no password"):
        login(URI, environment={})


def test_the_password_is_never_shown() -> None:
    """Neither as text nor as its representation does a login show its password."""
    found = Login(URI, "neo4j", "secret-word", "d")
    assert "secret-word" not in f"{found} {found!r}"


@pytest.mark.parametrize(
    "uri",
    [
        "neo4j://ann:secret-word@localhost",
        "bolt://secret-word@localhost:7687",
        "bolt+s://:secret-word@localhost",
        "neo4j://localhost?password=secret-word",
        "bolt://localhost:7687/?User=ann&Password=secret-word",
    ],
)
def test_credentials_in_the_address_are_refused(uri: str) -> None:
    """An address with a user or a password in it is refused without being repeated."""
    with pytest.raises(UsageError, match="must not contain a user or password") as error:
        login(uri, environment={"NEO4J_PASSWORD": "p"})
    assert "secret-word" not in f"{error.value} {error.value.problems}"


@pytest.mark.parametrize(
    ("uri", "word"),
    [
        ("", "no server was given"),
        ("http://localhost:7474", "not the address of a Neo4j server"),
        ("neo4j://", "not the address of a Neo4j server"),
        ("neo4j://localhost:port", "use a form like"),
        ("neo4j://localhost:7687/support", "--database"),
    ],
)
def test_what_is_no_address(uri: str, word: str) -> None:
    """What the driver would pass over, or stumble on later, is refused at once and with the way out."""
    with pytest.raises(UsageError) as error:
        login(uri, environment={"NEO4J_PASSWORD": "p"})
    assert word in str(error.value) or word in str(error.value.problems)
