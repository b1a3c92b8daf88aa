"""A table written as XES by another tool is the same log."""

from __future__ import annotations

import gzip
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import miner

SAMPLES = Path(__file__).parents[3] / "sample_logs"
# column → XES key; case columns are attributes of the trace
ORDERS = {
    "order_id": "case:concept:name",
    "step": "concept:name",
    "time": "time:timestamp",
    "customer_id": "customer",
    "actor_type": "actor",
    "outcome": "outcome",
    "value_eur": "value",
}
INCIDENTS = {
    "number": "case:concept:name",
    "incident_state": "concept:name",
    "sys_updated_at": "time:timestamp",
    "assignment_group": "org:group",
    "assigned_to": "org:resource",
    "category": "category",
}
SPANS = {
    "case": "case:concept:name",
    "activity": "concept:name",
    "start": "start_timestamp",
    "end": "time:timestamp",
    "team": "org:group",
}


def orders() -> str:
    """Orders with a zone in their times, and customers."""
    return (SAMPLES / "orders.csv").read_text(encoding="utf-8")


def incidents() -> str:
    """The first 5,000 rows of the incident log, with times without a zone, day first, and `?` for what is missing."""
    with gzip.open(SAMPLES / "servicenow" / "incident_event_log.csv.gz", "rt", encoding="utf-8") as f:
        return "".join(islice(f, 5_001))


def spans() -> str:
    """Calls with a start and an end, handed from team to team and back."""
    steps = [(case, at, "L1 L2 L1".split()[at]) for case in ("A", "B", "C") for at in range(3)]
    rows = [
        f"{case},step {at},2026-03-0{at + 1}T09:00:00+01:00,2026-03-0{at + 1}T09:20:00+01:00,{team}"
        for case, at, team in steps
    ]
    return "case,activity,start,end,team\n" + "\n".join(rows) + "\n"


def write_xes(frame: pd.DataFrame, path: Path) -> None:
    """The frame as XES, by pm4py."""
    import pm4py

    pm4py.write_xes(frame, str(path), case_id_key="case:concept:name")


@pytest.mark.parametrize(
    ("text", "keys", "mapped", "options"),
    [
        (orders, ORDERS, {"customer": "customer", "actor_type": "actor", "outcome": "outcome", "value": "value"}, {}),
        (incidents, INCIDENTS, {"team": "org:group", "agent": "org:resource"}, {"dayfirst": True}),
        (spans, SPANS, {"team": "org:group"}, {}),
    ],
    ids=["orders", "incidents", "spans"],
)
def test_a_table_and_the_same_as_xes_give_one_summary(
    tmp_path: Path, text: Any, keys: dict[str, str], mapped: dict[str, str], options: dict[str, Any]
) -> None:
    """Counts, waits and the time split do not depend on which of the two forms was exported."""
    table = tmp_path / "log.csv"
    table.write_text(text(), encoding="utf-8")
    frame = pd.read_csv(table, dtype=str, usecols=list(keys)).rename(columns=keys)
    for key in ("time:timestamp", "start_timestamp"):
        if key in frame:
            frame[key] = pd.to_datetime(frame[key], utc=True, dayfirst=bool(options))
    write_xes(frame.sort_values("time:timestamp", kind="stable"), tmp_path / "log.xes")
    names = {key: column for column, key in keys.items()}
    common = {"case": "case:concept:name", "activity": "concept:name", **mapped}
    time = {"start": "start_timestamp", "end": "time:timestamp"} if text is spans else {"time": "time:timestamp"}
    own = {key: names[column] for key, column in (common | time).items()}
    read = {
        name: miner.run(
            f"eventlog:{table}" if name == "csv" else tmp_path / "log.xes",
            workspace=tmp_path / name,
            columns=columns,
            until="measure",
            **(options if name == "csv" else {}),
        ).summary
        for name, columns in (("csv", own), ("xes", common | time))
    }
    for summary in read.values():
        del summary["versions"], summary["seconds"]
    assert read["xes"] == read["csv"] and read["csv"]["events"] == len(frame)
