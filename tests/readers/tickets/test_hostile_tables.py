"""Tables with damaged cells: every reader of tables gives a reading or an InputError, nothing else."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path
from types import ModuleType

import pytest

from miner.errors import InputError
from miner.events.engine import Engine
from miner.events.schema import ACTOR_TYPES, CHANNELS, EVENT_TYPES, HANDOFF_KINDS
from miner.events.sink import Sink
from miner.readers.base import Options, SourceFile
from miner.readers.tickets import freshdesk, jira, otrs, salesforce, servicenow_task, zammad, zendesk
from tests.readers.reading import FIXTURES

FOLDERS: dict[ModuleType, list[str]] = {
    jira: ["jira", "jira/fivetran"],
    servicenow_task: ["servicenow_task"],
    salesforce: ["salesforce"],
    zammad: ["zammad"],
    otrs: ["otrs"],
    freshdesk: ["freshdesk"],
    zendesk: ["zendesk", "zendesk/fivetran"],
}
ODD = [
    "",
    "-1",
    "?",
    "%%",
    "%%a%%",
    "2026-03-02T10:00:00Z",
    "1772440800",
    "1e308",
    "9" * 40,
    "\x00",
    "undefined",
    '"',
    "{}",
    "0053000000AAanaAAL",
    "true",
    "12/Mar/26 9:14 AM",
    "99/Foo/26 9:14 AM",
    "\ud7ff",
    "=cmd()",
    "0001-01-01",
]


def damaged(text: str, chance: random.Random) -> str:
    """The table with some cells replaced, some rows twice or left out, and columns in another order."""
    rows = list(csv.reader(io.StringIO(text)))
    order = list(range(len(rows[0])))
    if chance.random() < 0.3:
        chance.shuffle(order)
    out = io.StringIO()
    writer = csv.writer(out)
    for number, row in enumerate(rows):
        if number and chance.random() < 0.05:
            continue
        cells = [row[n] if n < len(row) else "" for n in order]
        if number:
            cells = [chance.choice(ODD) if chance.random() < 0.08 else cell for cell in cells]
        writer.writerows([cells] * (2 if number and chance.random() < 0.05 else 1))
    return out.getvalue()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("reader", list(FOLDERS), ids=lambda module: module.NAME)
def test_nothing_but_a_reading_or_an_input_error(tmp_path: Path, reader: ModuleType, seed: int) -> None:
    """Whatever the cells are, the reader reads the tables or says what is wrong, in the words of the vocabulary."""
    chance = random.Random(f"{reader.NAME} {seed}")
    for folder in FOLDERS[reader]:
        files = []
        for path in sorted((FIXTURES / folder).glob("*.csv")):
            target = tmp_path / path.name
            target.write_text(damaged(path.read_text(), chance))
            files.append(SourceFile(path.name, target))
        with Engine() as engine:
            sink = Sink(engine)
            try:
                reports = reader.read_all(files, Options(tz="UTC" if seed % 2 else None), sink)
                assert len(reports) == len(files)
            except InputError as error:
                assert all(problem.what for problem in error.problems)
            sink.flush()
            for column, words in (
                ("event_type", EVENT_TYPES),
                ("channel", CHANNELS),
                ("actor_type", ACTOR_TYPES),
                ("handoff_kind", HANDOFF_KINDS),
            ):
                found = {value for (value,) in engine.rows(f"SELECT DISTINCT {column} FROM raw_events")}
                assert found - {None} <= words
