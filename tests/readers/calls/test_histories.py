"""The same call has the same owners, handoffs, returns and talk, whatever system it comes from."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from miner.pipeline import Settings, run
from tests.readers.calls.exports import EXPORTS, phone
from tests.readers.calls.histories import HISTORIES, NUMBERS
from tests.readers.reading import write

CASES = [(system, title) for system, (_, titles, _) in EXPORTS.items() for title in HISTORIES if title in titles]


@cache
def tables_of(system: str) -> dict[str, list[dict[str, Any]]]:
    """The tables of a run on an export with all histories that the system can tell."""
    export, titles, columns = EXPORTS[system]
    calls = {title: call for title, call in HISTORIES.items() if title in titles}
    with TemporaryDirectory() as folder:
        paths = [write(Path(folder), content, name) for name, content in export(calls).items()]
        settings = Settings(until="cost", graph="none", identifiers="keep", columns=columns, tz="UTC")
        found = run([f"{system}:{path}" for path in paths], Path(folder) / "w", settings)
        names = ("events", "visits", "handoffs", "returns", "interactions", "contacts")
        return {name: found.table(name).to_dict("records") for name in names}


def of(system: str, title: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of one call, found by its customer."""
    tables = tables_of(system)
    number = [one for one in HISTORIES if one in EXPORTS[system][1]].index(title)
    whole = {row["journey_id"] for row in tables["events"] if str(row["customer"]).lstrip("+") == phone(number)}
    return {name: [row for row in rows if row["journey_id"] in whole] for name, rows in tables.items()}


def person(name: str) -> str:
    """The agent behind a name: Asterisk knows them by their phones."""
    return next((who for who, number in NUMBERS.items() if name.endswith(str(number))), name)


@pytest.mark.parametrize(("system", "title"), CASES)
def test_a_call_reads_alike_from_every_system(system: str, title: str) -> None:
    """Owners, handoffs, returns, conversations and each agent's own talk are those of the table."""
    call, rows = HISTORIES[title], of(system, title)
    assert [row["owner"] for row in rows["visits"]] == list(call.owners)
    assert (len(rows["handoffs"]), len(rows["returns"])) == (call.handoffs, call.returns)
    assert len({row["conversation_id"] for row in rows["interactions"]}) == 1
    talk: dict[str, int] = {}
    for event in rows["events"]:
        if event["event_type"] == "agent_connected" and event["owned"]:
            lasted = round((event["ended_at"] - event["started_at"]).total_seconds())
            talk[person(event["agent"])] = talk.get(person(event["agent"]), 0) + lasted
    assert talk == call.talk
    assert any(row["abandoned"] for row in rows["contacts"]) == (title == "given up")
    assert any(row["handled"] for row in rows["contacts"]) == bool(call.legs)
