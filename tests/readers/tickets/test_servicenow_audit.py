"""ServiceNow audit rows."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from miner.errors import InputError
from miner.readers.base import SourceFile
from miner.readers.tickets import servicenow_audit
from tests.readers.reading import FIXTURES, read, write

EXAMPLE = FIXTURES / "servicenow_audit" / "audit.csv"
ROWS: list[dict[str, Any]] = list(csv.DictReader(EXAMPLE.read_text().splitlines()))


def test_the_example() -> None:
    """One hand-off from Service Desk to Network, resolved there, reopened by the system; a repeat counts once."""
    found = read(servicenow_audit, EXAMPLE)
    assert found.visits() == ["Service Desk", "Network"]
    assert [e["handoff_kind"] for e in found.events if e["handoff_kind"]] == ["group_reassign"]
    assert [(e["agent"], e["outcome"]) for e in found.of_type("resolved")] == [("ben", "resolved")]
    assert [e["actor_type"] for e in found.of_type("reopened")] == ["system"]
    assert set(found.column("interaction_id")) == {"9d41"}
    assert json.loads(found.interactions["9d41"]["declared"]) == {"reassignment_count": "1"}
    assert found.note("duplicates")


def test_times_are_utc_unless_a_zone_is_named() -> None:
    """Without --tz the times are read as UTC and that is said; with it they are local."""
    found, local = read(servicenow_audit, EXAMPLE), read(servicenow_audit, EXAMPLE, tz="Europe/Berlin")
    assert found.events[0]["started_us"] - local.events[0]["started_us"] == 3_600_000_000
    assert found.note("assumed") and "assumed" in str(found.reports[0].time)
    assert not local.note("assumed") and "Europe/Berlin" in str(local.reports[0].time)


@pytest.mark.parametrize("form", ["records", "result", "lines", "display", "labels", "tabs", "reversed"])
def test_every_form_reads_alike(tmp_path: Path, form: str) -> None:
    """JSON with records or result, display values, labels instead of names, tabs, and any order of rows read alike."""
    labels = {
        "fieldname": "Field name",
        "documentkey": "Document key",
        "oldvalue": "Old value",
        "newvalue": "New value",
        "sys_created_on": "Created",
        "user": "User",
        "tablename": "Table name",
        "record_checkpoint": "Update count",
    }
    plain = EXAMPLE.read_text()
    head, body = plain.split("\n", 1)
    value: Any = {
        "records": {"records": ROWS},
        "result": {"result": ROWS},
        "lines": ROWS,
        "tabs": plain.replace(",", "\t"),
        "display": {"result": [{k: {"display_value": v, "value": "?"} for k, v in row.items()} for row in ROWS]},
        "labels": ",".join(labels.get(name, name) for name in head.split(",")) + "\n" + body,
        "reversed": "\n".join([head, *body.strip().split("\n")[::-1]]) + "\n",
    }[form]
    name = "x.csv" if form in ("labels", "tabs", "reversed") else "x.json"
    columns = ("started_us", "sequence", "activity", "team", "actor", "outcome", "handoff_kind")
    again, whole = read(servicenow_audit, write(tmp_path, value, name)), read(servicenow_audit, EXAMPLE)
    assert [[e[c] for c in columns] for e in again.events] == [[e[c] for c in columns] for e in whole.events]


def test_labels_and_other_tables(tmp_path: Path) -> None:
    """State labels are read like numbers; the numbers of other tables than incident stay as they are."""
    rows = [
        {
            "fieldname": "state",
            "documentkey": "1",
            "oldvalue": "In Progress",
            "newvalue": "Resolved",
            "tablename": "incident",
        },
        {"fieldname": "incident_state", "documentkey": "1", "oldvalue": "2", "newvalue": "6", "tablename": "incident"},
        {"fieldname": "state", "documentkey": "2", "oldvalue": "2", "newvalue": "6", "tablename": "sc_task"},
        {"fieldname": "comments", "documentkey": "2", "newvalue": "x"},
        {"fieldname": "priority", "documentkey": "2", "newvalue": "1"},
    ]
    found = read(
        servicenow_audit, write(tmp_path, [{**r, "user": "a", "sys_created_on": "2026-03-02 09:00:00"} for r in rows])
    )
    assert [e["activity"] for e in found.events] == ["Resolved", "Comment", "Changed priority", "Status 6"]


def test_bad_rows_and_bad_files(tmp_path: Path) -> None:
    """A row without key or time is rejected; a file without the columns, or in another time format, is an error."""
    text = EXAMPLE.read_text()
    found = read(
        servicenow_audit,
        write(
            tmp_path,
            text + "z1,incident,state,,1,2,ann,2026-03-02 10:00:00,9\nz2,incident,state,9d41,1,2,ann,soon,9\n",
            "x.csv",
        ),
    )
    assert [(r["line"], r["column"]) for r in found.rejects] == [(13, "documentkey"), (14, "sys_created_on")]
    with pytest.raises(InputError, match="--time-format"):
        read(
            servicenow_audit,
            write(tmp_path, text.replace("2026-03-02 ", "02/03/2026 ").replace("2026-03-03 ", "03/03/2026 "), "x.csv"),
        )
    with pytest.raises(InputError, match="documentkey"):
        read(servicenow_audit, write(tmp_path, text.replace("documentkey", "dk"), "x.csv"))


def test_a_declared_time_format(tmp_path: Path) -> None:
    """A list exported from the browser is read with --time-format and --tz."""
    text = EXAMPLE.read_text().replace("2026-03-02 ", "02/03/2026 ").replace("2026-03-03 ", "03/03/2026 ")
    found = read(servicenow_audit, write(tmp_path, text, "x.csv"), time_format="%d/%m/%Y %H:%M:%S", tz="UTC")
    assert found.column("started_us") == read(servicenow_audit, EXAMPLE).column("started_us")


def test_sniff(tmp_path: Path) -> None:
    """Audit rows are recognised as CSV and as JSON, other tables are not."""
    assert servicenow_audit.sniff(SourceFile("x.csv", EXAMPLE))
    assert servicenow_audit.sniff(SourceFile("x.json", write(tmp_path, {"records": ROWS})))
    assert not servicenow_audit.sniff(SourceFile("x.csv", FIXTURES / "servicenow_metric" / "metric.csv"))
