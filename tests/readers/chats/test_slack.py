"""Slack exports."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from miner.errors import InputError, UsageError
from miner.readers.base import SourceFile
from miner.readers.chats import slack
from tests.readers.reading import FIXTURES, read, write
from tests.readers.tabular.looking import look_at

EXPORT = FIXTURES / "slack"
FILES = sorted(EXPORT.rglob("*.json"))
TEAMS = {"team": "Billing: Ana; Technical: bo.b, Cem"}
THREAD = "slack:C1/1772442000.000200"


def test_the_export() -> None:
    """A thread over two days: two handoffs, one return; the mapped people are agents, who asks is the customer."""
    found = read(slack, *FILES, columns=TEAMS)
    events = [e for e in found.events if e["interaction_id"] == THREAD]
    assert [(e["actor_type"], e["team"]) for e in events] == [
        ("customer", None),
        ("agent", "Billing"),
        ("customer", None),
        ("agent", "Technical"),
        ("agent", "Billing"),
        ("customer", None),
    ]
    assert {e["customer"] for e in events} == {"eva@example.org"}
    assert json.loads(found.interactions[THREAD]["declared"]) == {"reply_count": 5, "reply_users_count": 3}
    assert [row["column"] for row in found.rejects] == ["ts"]
    notes = {note.kind: (note.count, note.examples) for note in found.notes}
    assert notes == {
        "left out": (1, ["channel_join"]),
        "unused": (1, ["Cem"]),
        "truncated": (1, ["slack:C1/1772000000.000100"]),
    }
    assert len(found.reports) == len(FILES)


def test_an_integration_that_asks_owns_nothing() -> None:
    """A bot that starts a thread is no owner; one that answers in it is."""
    events = [e for e in read(slack, *FILES, columns=TEAMS).events if "1772450000" in e["interaction_id"]]
    assert [(e["actor_type"], e["agent"]) for e in events] == [("rule", None), ("agent", "bo.b")]


def test_without_a_mapping_nobody_is_an_agent() -> None:
    """Slack does not say who serves whom: nobody owns anything, and nobody is a customer."""
    found = read(slack, *FILES)
    assert {e["actor_type"] for e in found.events} == {"unknown", "rule"}
    assert found.visits() == [] and {row["customer"] for row in found.interactions.values()} == {None}


def test_a_zip_with_folders(tmp_path: Path) -> None:
    """The folders in a zip tell the channels, also where a day is there once, and where all lies in one folder more."""
    for top in ("", "export/"):
        path = tmp_path / f"slack{len(top)}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for file in FILES:
                archive.write(file, top + file.relative_to(EXPORT).as_posix())
        found = look_at(path)
        assert THREAD in set(found.column("interaction_id"))
        assert "slack:C2/1772442000.000300" in set(found.column("interaction_id"))
        assert {report.reader for report in found.reports} == {"slack"}


def test_missing_replies_are_noted(tmp_path: Path) -> None:
    """Fewer replies than reply_count says are noted as truncated; a message delivered again is read once."""
    day = json.loads((EXPORT / "support" / "2026-03-02.json").read_text())
    found = read(slack, write(tmp_path, json.dumps(day[1:4] + day[1:4]), "2026-03-02.json"))
    note = found.note("truncated")
    assert note is not None and note.examples[0].endswith(": 2 of 5") and len(found.events) == 3


def test_nothing_but_names(tmp_path: Path) -> None:
    """Users alone, or only empty lists, are no messages; a team without a name is an error."""
    for path in (EXPORT / "users.json", EXPORT / "dms.json"):
        with pytest.raises(InputError, match="no messages"):
            read(slack, path)
    with pytest.raises(UsageError, match="has no team"):
        read(slack, *FILES, columns={"team": "Ana, Bo"})


def test_sniff(tmp_path: Path) -> None:
    """Every file of an export is recognised; an empty list by another name, and other arrays, are not."""
    assert all(slack.sniff(SourceFile(path.name, path)) for path in FILES)
    assert not slack.sniff(SourceFile("other.json", EXPORT / "dms.json"))
    assert not slack.sniff(SourceFile("2026-03-02.json", write(tmp_path, '[{"type": "message", "ts": 5}]')))
