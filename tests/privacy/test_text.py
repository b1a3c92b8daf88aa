"""Texts are read where the user says so, used in memory, and written nowhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from miner.errors import UsageError
from miner.pipeline import Settings, run
from miner.pipeline.forget import forget
from miner.workspace import Workspace
from tests.privacy.test_run import written
from tests.samples import raw

SENTENCE = "the washing machine leaks onto grandmothers carpet"
LOG = f"""case,activity,time,team,actor_type,customer,said
1,message,2026-01-01 10:00:00,,customer,K-1,"Order 88776655: {SENTENCE}"
1,message,2026-01-01 10:01:00,Desk,agent,K-1,"Let me pass you on"
1,note,2026-01-01 10:02:00,Desk,agent,K-1,"leaking machine, 88776655"
1,message,2026-01-01 10:05:00,Repairs,agent,K-1,"What is your order number?"
1,message,2026-01-01 10:06:00,,customer,K-1,"As I wrote, 88776655"
"""
COLUMNS = {
    "case": "case",
    "activity": "activity",
    "time": "time",
    "team": "team",
    "actor_type": "actor_type",
    "customer": "customer",
    "text": "said",
}
SECRETS = (SENTENCE, "grandmother", "carpet", "88776655", "pass you on")


def mined(folder: Path, more: str = "", **settings: Any) -> Workspace:
    """The log above, mined to the report; `more` are further rows."""
    (folder / "log.csv").write_text(LOG + more, encoding="utf-8")
    return run([str(folder / "log.csv")], folder / "workspace", Settings(columns=COLUMNS, tz="UTC", **settings))


def traces(workspace: Workspace) -> list[tuple[str, str]]:
    """Which of the secrets stand in which file."""
    secret = re.compile("|".join(SECRETS), re.I)
    return sorted({(path.name, match) for path, text in written(workspace) for match in secret.findall(text)})


@pytest.mark.parametrize("identifiers", ["hide", "keep"])
def test_a_text_that_is_used_is_written_nowhere(identifiers: str, tmp_path: Path) -> None:
    """A planted sentence, its words and its number stand in no file; what was made of them is a handful of counts."""
    workspace = mined(tmp_path, text="use", identifiers=identifiers)
    assert (workspace.path / "report.html").exists() and (workspace.path / "graph").exists()
    assert traces(workspace) == []
    (row,) = workspace.arrow("information").to_pylist()
    assert row["facts_before"] > 1
    assert 0 < row["facts_missing"] < row["facts_before"]
    assert row["facts_asked_again"] == 1
    assert workspace.quality["privacy"]["text"] == "used for facts, not kept"


def test_by_default_texts_are_not_read(tmp_path: Path) -> None:
    """A column that is mapped as text is named in a note, and nothing is made of it."""
    workspace = mined(tmp_path, until="cost")
    assert traces(workspace) == []
    (row,) = workspace.arrow("information").to_pylist()
    assert (row["facts_before"], row["facts_missing"], row["facts_asked_again"]) == (None, None, None)
    assert [note["kind"] for note in workspace.quality["notes"]] == ["text_not_used"]
    assert workspace.quality["privacy"]["text"] == "not kept"


def test_using_texts_changes_no_other_table(tmp_path: Path) -> None:
    """All tables but that of information are the same with and without texts."""
    folders = [tmp_path / name for name in ("without", "with")]
    made = [
        run([str(raw.FOLDER / "intercom_conversations.json")], folder, Settings(text=text, until="measure"))
        for folder, text in zip(folders, ("drop", "use"), strict=True)
    ]
    one, other = made
    assert one.tables() == other.tables()
    for table in one.tables():
        assert (table == "information") != one.arrow(table).equals(other.arrow(table)), table


def test_forgetting_somebody_leaves_the_facts_of_the_others(tmp_path: Path) -> None:
    """The texts are gone by then: what was counted of the other journeys stays."""
    other = LOG.partition("\n")[2].replace("1,", "2,", 1).replace("\n1,", "\n2,").replace("K-1", "K-2")
    workspace = mined(tmp_path, other, text="use", until="cost", graph="none")
    before = workspace.arrow("information").to_pylist()
    forget(workspace, "K-2")
    assert len(before) == 2
    assert workspace.arrow("information").to_pylist() == before[:1]
    assert workspace.summary["information"]["facts"]["n"] == 1


def test_another_word_for_it_is_refused() -> None:
    """Only drop and use are known."""
    with pytest.raises(UsageError, match="drop or use"):
        Settings(text="keep")
