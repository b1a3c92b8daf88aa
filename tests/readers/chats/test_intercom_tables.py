"""Intercom as Fivetran lays it down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.chats import intercom, intercom_tables
from tests.readers.reading import FIXTURES, read

TABLES = sorted((FIXTURES / "intercom_tables").glob("*.csv"))


def test_the_fixture() -> None:
    """Bot to human, one handoff Billing to Technical, a rating; what is missing is said, the bad part rejected."""
    found = read(intercom_tables, *TABLES)
    assert found.visits() == ["b1", "Billing", "Technical"]
    assert [e["handoff_kind"] for e in found.events if e["handoff_kind"]] == ["bot_to_human", "group_reassign"]
    assert {e["customer"] for e in found.events if e["interaction_id"] == "intercom:501"} == {"K-100"}
    said = json.loads(found.interactions["intercom:501"]["identity"])
    assert said == {"id": "K-100", "email": "eva@example.org", "name": "Eva"}
    assert [json.loads(e["attributes"]) for e in found.of_type("survey_answered")] == [{"score": "4", "scale": "1-5"}]
    assert [(r["column"], r["reason"]) for r in found.rejects] == [("id", "id is missing")]
    assert sum(note.count for note in found.notes if note.kind == "duplicates") == 2
    truncated = {example for note in found.notes if note.kind == "truncated" for example in note.examples}
    assert truncated == {"499", "502"}
    assert sum(report.events for report in found.reports) == len(found.events)


def test_times_are_utc() -> None:
    """Fivetran's times carry no zone and are UTC."""
    first = min(event["started_us"] for event in read(intercom_tables, *TABLES).events)
    assert first == 1_772_442_000_000_000


def test_one_table_alone() -> None:
    """Parts alone are read as far as they go; tables of names alone are no conversations."""
    by_name = {path.stem: path for path in TABLES}
    assert read(intercom_tables, by_name["conversation_part_history"]).note("truncated")
    assert read(intercom_tables, by_name["conversation_history"]).note("truncated")
    with pytest.raises(InputError, match="no conversations"):
        read(intercom_tables, by_name["team"])


def test_sniff(tmp_path: Path) -> None:
    """Every table is recognised; the same columns under another name, and other tables, are not."""
    assert all(intercom_tables.sniff(SourceFile(path.name, path)) for path in TABLES)
    assert not any(intercom.sniff(SourceFile(path.name, path)) for path in TABLES)
    team = next(path for path in TABLES if path.stem == "team")
    assert not intercom_tables.sniff(SourceFile("project.csv", team))
    for other in ("servicenow_audit/audit.csv", "servicenow_metric/metric.csv", "zendesk/audits.json"):
        assert not intercom_tables.sniff(SourceFile("team.csv", FIXTURES / other))
