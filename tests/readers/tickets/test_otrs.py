"""OTRS and Znuny ticket history."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.tickets import otrs
from miner.readers.tickets.otrs_ticket import parts_of
from tests.readers.reading import FIXTURES, read, write

FOLDER = FIXTURES / "otrs"
HISTORY, API, USERS = FOLDER / "ticket_history.csv", FOLDER / "api.json", FOLDER / "users.csv"


def test_the_table() -> None:
    """Moves, owners and states by the parts of the names; a plug-in's free text by the columns of the row."""
    found = read(otrs, HISTORY, USERS)
    assert [(e["activity"], e["actor_type"], e["agent"], e["team"]) for e in found.events] == [
        ("Ticket created", "customer", None, None),
        ("Assigned to team", "system", None, None),
        ("Assigned to agent", "agent", "Bo B", "Service Desk"),
        ("Locked", "agent", "Bo B", "Service Desk"),
        ("Status open", "agent", "Bo B", "Service Desk"),
        ("Assigned to team", "agent", "Bo B", "Service Desk"),
        ("Internal note", "agent", "Cy C", "Network"),
        ("Reply", "agent", "Cy C", "Network"),
        ("Resolved", "agent", "Cy C", "Network"),
        ("Customer message", "customer", None, None),
        ("Reopened", "system", None, None),
        ("Assigned to agent", "agent", "Cy C", "Network"),
        ("Merged", "agent", "Bo B", "Network"),
        ("BeamUp", "agent", "Bo B", "Network"),
        ("Resolved", "agent", "Bo B", "Network"),
    ]
    kinds = [e["handoff_kind"] for e in found.events if e["handoff_kind"]]
    assert kinds == ["group_reassign", "group_reassign", "agent_reassign"]
    assert found.visits() == ["Service Desk", "Network"]
    assert found.references == {("otrs:77", "otrs:70", "merge")}
    assert found.note("free text") and found.note("unknown values") and not found.note("truncated")
    assert set(found.column("customer")) == {"ann@example.com"} and set(found.column("channel")) == {"email"}
    assert [(r["line"], r["column"]) for r in found.rejects] == [(21, "ticket_id")]


def test_the_interface() -> None:
    """The generic interface gives the same rows under other names."""
    found = read(otrs, API)
    assert [(e["activity"], e["team"], e["outcome"]) for e in found.events] == [
        ("Ticket created", "Service Desk", None),
        ("Assigned to team", "Service Desk", None),
        ("Closed", "Network", "closed unsuccessful"),
    ]
    assert set(found.column("channel")) == {"voice"}


def test_plain_rows(tmp_path: Path) -> None:
    """Numbers instead of types are those of an installation, or those of the table beside them."""
    numbers = {name: str(n) for n, name in otrs_numbers().items()}
    rows = [row for row in csv.DictReader(HISTORY.open()) if row["history_type"] != "BeamUp"]
    for row in rows:
        row["history_type_id"] = numbers[row.pop("history_type")]
    plain = read(otrs, write(tmp_path, rows, "ticket_history.jsonl"))
    assert plain.visits() == ["Service Desk", "Network"]
    moved = "".join(f"{number},{name},1,1\n" for name, number in numbers.items()).replace("16,Move", "16,Lock")
    types = write(tmp_path, "id,name,valid_id,create_by\n" + moved, "ticket_history_type.csv")
    other = read(otrs, tmp_path / "ticket_history.jsonl", types)
    assert not [e for e in other.events if e["handoff_kind"] == "group_reassign"]


def otrs_numbers() -> dict[int, str]:
    """The numbers of the types as installed."""
    from miner.readers.tickets import otrs_account

    return otrs_account._TYPES


def test_parts() -> None:
    """Names are parts between percent signs, or free text."""
    assert parts_of("%%Network%%6%%Raw%%2") == ["Network", "6", "Raw", "2"]
    assert parts_of("Owner set by plug-in") == [] and parts_of("%%") == [""]


def test_odd_names(tmp_path: Path) -> None:
    """Names that are cut off, empty or of a wrong kind never stop the reading."""
    rows = [
        {
            "id": n,
            "name": name,
            "history_type": kind,
            "ticket_id": 1,
            "create_time": "2026-03-02 08:00:00",
            "create_by": 3,
        }
        for n, (kind, name) in enumerate(
            (kind, name)
            for kind in ("NewTicket", "Move", "OwnerUpdate", "StateUpdate", "Merged", "CustomerUpdate", "TicketLinkAdd")
            for name in ("", "%%", "%%%%", "%%a", "%%a%%", "%%a%%b%%c", None, 7)
        )
    ]
    found = read(otrs, write(tmp_path, rows, "x.jsonl"))
    assert found.events and not found.rejects


def test_files_without_history() -> None:
    """Names alone hold no ticket."""
    with pytest.raises(InputError, match="no ticket history"):
        read(otrs, USERS)


def test_sniff() -> None:
    """Its own tables and documents, and no others."""
    assert all(otrs.sniff(SourceFile(p.name, p)) for p in (HISTORY, API, USERS))
    others = ("zammad/histories.csv", "zammad/history_42.json", "servicenow_audit/audit.csv", "jira/fivetran/user.csv")
    assert not any(otrs.sniff(SourceFile(name, FIXTURES / name)) for name in others)
    assert json.loads(API.read_text())["TicketHistory"]
