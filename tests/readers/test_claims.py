"""Who claims what: every export is known for what it is, also among those of other systems."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from miner.errors import InputError
from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.readers import choose, readers
from miner.readers.base import Options, SourceFile
from miner.readers.files import Source
from miner.readers.reading import read_all
from tests.readers.reading import FIXTURES

FOLDERS = sorted(path for path in FIXTURES.iterdir() if path.is_dir() and path.name in readers())
# Exports that say enough by themselves to be read alone.
MIXED = {
    "zendesk": "audits.json",
    "servicenow_audit": "audit.csv",
    "hubspot": "tickets_v3.json",
    "connect": "contacts.jsonl",
    "genesys": "conversations.json",
    "asterisk_queue_log": "queue_log",
    "aircall": "calls.json",
    "talkdesk": "calls.json",
    "intercom": "conversation.json",
    "zendesk_chat": "chats.json",
    "vcon": "meyer.vcon.json",
    "ocel": "tickets.xml",
    "bank_calls": "calls.txt",
}


def files(folder: Path) -> list[Path]:
    """The exports in a folder of fixtures."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_export_is_claimed_by_its_own_reader(folder: Path) -> None:
    """No other system claims a file as surely as its own; what only the system's names are in may be any table."""
    mine = 0
    for path in files(folder):
        file = SourceFile(path.name, path)
        claims = {name: match.score for name, reader in readers().items() if (match := reader.sniff(file))}
        own = claims.pop(folder.name, 0)
        generic = max((claims.pop(name, 0) for name in ("eventlog", "database", "cloudevents")), default=0)
        assert all(score < own for score in claims.values()), f"{path.name}: {own} against {claims}"
        mine += own > generic
    assert mine


def test_every_score_is_a_score() -> None:
    """Claims are from 1 to 100 and say why."""
    for path in (path for folder in FOLDERS for path in files(folder)):
        for reader in readers().values():
            match = reader.sniff(SourceFile(path.name, path))
            assert match is None or (0 < match.score <= 100 and match.why)


def test_a_mixed_folder(tmp_path: Path) -> None:
    """`miner inspect` on a folder with the exports of more than ten systems names each of them."""
    from miner.cli.app import app

    mixed = tmp_path / "mixed"
    mixed.mkdir()
    for system, name in MIXED.items():
        shutil.copy(FIXTURES / system / name, mixed / f"{system}-{name}")
    (mixed / "notes.csv").write_text("name,price\nscrew,1\nnail,2\n")
    done = CliRunner().invoke(app, ["inspect", str(mixed)], env={"COLUMNS": "250"})
    assert done.exit_code == 0, done.output
    named = dict(re.findall(r"^(\S+): (\w+) \(", done.output, re.MULTILINE))
    assert named == {f"{system}-{name}": system for system, name in MIXED.items()}


def test_the_kind_can_be_said(tmp_path: Path) -> None:
    """A kind that was named is taken, whatever the file looks like."""
    path = tmp_path / "x.json"
    path.write_text("{}")
    assert all(choose(SourceFile("x.json", path, name))[0] is reader for name, reader in readers().items())


def test_readers_say_which_outcomes_their_systems_give() -> None:
    """Call logs can name abandoned calls only, ticket systems both ends, and what is no system's own nothing."""
    said = {name: set(getattr(reader, "OUTCOMES", ())) for name, reader in readers().items()}
    assert said["connect"] == said["twilio"] == {"abandoned"} and {"resolved", "cancelled", "open"} <= said["zendesk"]
    assert not said["eventlog"] | said["rasa"]


@pytest.mark.parametrize("folder", [f for f in FOLDERS if f.name != "cloudevents"], ids=lambda folder: folder.name)
def test_an_outcome_that_a_system_gives_is_declared(folder: Path) -> None:
    """An abandoned, closed or reopened end in an export is among the OUTCOMES of its reader."""
    reader = readers()[folder.name]
    with Engine() as engine:
        sink = Sink(engine)
        with suppress(InputError):  # of those among the fixtures that are refused
            found = [Source(None, path, path.name, named=False) for path in files(folder)]
            read_all(found, lambda name: Options(tz="UTC"), sink)
        sink.flush()
        rows = engine.rows("SELECT DISTINCT lower(outcome) FROM raw_events WHERE outcome IS NOT NULL")
    ends = {"abandoned", "closed", "open", "resolved"} & {row[0] for row in rows}
    assert ends <= set(getattr(reader, "OUTCOMES", ()))


WRONG = [
    ("whatsapp", "zendesk/audits.json"),
    ("connect", "genesys/conversations.json"),
    ("uccx", "connect/contacts.jsonl"),
    ("ocel", "talkdesk/calls.json"),
    ("eventlog", "ocel/tickets.xml"),
]


@pytest.mark.parametrize(("kind", "name"), WRONG)
def test_a_kind_that_the_file_is_not(kind: str, name: str) -> None:
    """A file that another reader surely knows is not read as what the user says; the error names what it is."""
    path = FIXTURES / name
    with pytest.raises(InputError, match="it is not what was said") as error:
        choose(SourceFile(path.name, path, kind))
    assert f"say {path.parent.name}:{path.name}" in (error.value.problems[0].fix or "")


def test_a_kind_that_only_the_user_knows(tmp_path: Path) -> None:
    """Where nobody is sure the user's word counts, and any table may be read as a plain log."""
    path = tmp_path / "export.json"
    path.write_text('{"audits": []}', encoding="utf-8")
    assert choose(SourceFile(path.name, path, "zendesk"))[0].NAME == "zendesk"
    table = FIXTURES / "talkdesk" / "explore.csv"
    assert choose(SourceFile(table.name, table, "eventlog"))[0].NAME == "eventlog"
    assert choose(SourceFile(table.name, table, "talkdesk"))[0].NAME == "talkdesk"
