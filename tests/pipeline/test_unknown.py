"""Unknown is null and never 0: in every table, on the page and in exports of a log that lacks what they need."""

from __future__ import annotations

import csv
import dataclasses
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pytest
import typer.testing

from miner.cli.app import app
from miner.graph.export import write_graphml
from miner.pipeline import Settings, run
from miner.report.view import view
from miner.report.view.base import Table
from miner.report.view.time import PARTS
from miner.workspace import Workspace
from tests.pipeline.made import tables

# Columns that may be 0 in every row, as what they count could be seen and was not there (or by definition: a log of
# points has no work, rework and hold).
NONE_THERE = {
    "competence": {"bots_n", "strata", "overlap"},
    "contacts": {"has_bot", "queued", "abandoned", "finished", "reopens", "replies", "waited", "transfers"},
    "economy": {"known", "capable"},
    "handoffs": {"customer_wait_s", "between_s", "overlap_s", "crosses_system"},
    "interactions": {"is_waited_for"},
    "queues": {"queued", "gave_up", "routing_s", "queue_s", "gave_up_s"},
    "transitions": {
        "system_changes",
        "work_s",
        "rework_s",
        "hold_s",
        "customer_wait_s",
        "off_hours_s",
        "tail_s",
        "between_s",
    },
    "waits": {"queued", "routing_s", "queue_s"},
    "outcomes_shown": {"finished", "known", "good"},
}
NONE_THERE["conversations"] = NONE_THERE["contacts"]
# What is null where the input is missing, by words in the names of columns.
NEED = {
    "rates": ("money", "price", "cost"),
    "end times": ("handle_s", "handled_s", "rework_cost_s", "handoff_cost_s", "people_busy", "served_per_handled_h"),
    "outcomes": ("resolution", "resolved", "good_share", "value_lost", "outcome", "shrunk"),
    "values": ("value_lost", "low", "high"),
    "texts": ("facts_before", "facts_missing", "facts_asked_again"),
    "channels, intents and agents": ("context_shifts", "changes_channel", "channel", "intent"),
}
OTHERS = ("contact_measures", "path_times")  # low and high are of what is known


def points(path: Path, ends: bool = False) -> Path:
    """A log of moments without rates, outcomes, customers and intents; with `ends`, of spans."""
    dice, lines = random.Random(1), ["case,time,end,activity,team,silo"]
    for case in range(60):
        minute = 37 * case
        for _ in range(dice.randint(2, 6)):
            minute += dice.randint(1, 600)
            team = dice.choice("ABCD")
            (day, rest), length = divmod(minute, 1440), dice.randint(1, 30) if ends else 0
            start, end = (
                f"2026-01-{5 + day:02}T{(rest + m) // 60 % 24:02}:{(rest + m) % 60:02}:00Z"
                for m in (0, min(length, 1439 - rest))
            )
            lines.append(f"c{case},{start},{end if ends else ''},{dice.choice(('open', 'work'))},{team},S{team}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def mined(folder: Path, ends: bool) -> Workspace:
    """Such a log, mined."""
    mapping = {"case": "case", "time": "time", "end": "end", "activity": "activity", "team": "team", "silo": "silo"}
    return run([str(points(folder / "log.csv", ends))], folder / "workspace", Settings(columns=mapping))


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The workspace of a log of moments."""
    return mined(tmp_path_factory.mktemp("moments"), False)


@pytest.fixture(scope="module")
def spans(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The workspace of a log of spans, without rates as well."""
    return mined(tmp_path_factory.mktemp("spans"), True)


def zeros(table: pa.Table) -> set[str]:
    """The columns of numbers and flags that hold nothing but 0."""
    kinds = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean)
    found = {}
    for name in table.column_names:
        if any(kind(table[name].type) for kind in kinds):
            found[name] = [value for value in table[name].to_pylist() if value is not None]
    return {name for name, values in found.items() if values and not any(values)}


def test_no_column_of_a_table_is_0_where_its_input_is_missing(moments: Workspace) -> None:
    """Every column that is 0 throughout is one that counts what could be seen; all others are null."""
    told = {name: zeros(table) - NONE_THERE.get(name, set()) for name, table in tables(moments.path).items()}
    assert {name: columns for name, columns in told.items() if columns} == {}


@pytest.mark.parametrize("what", NEED)
def test_what_needs_an_input_is_null_without_it(moments: Workspace, what: str) -> None:
    """Money without rates, handling time without end times, resolution and value without outcomes are null."""
    for name, table in tables(moments.path).items():
        for column in table.column_names if name not in OTHERS else ():
            if column in NEED[what] or column.endswith(tuple(f"_{word}" for word in NEED[what])):
                assert table[column].null_count == len(table), (name, column)


def test_without_rates_there_is_no_money(spans: Workspace) -> None:
    """A log of spans has hours of people and no money anywhere, although some steps cost no time at all."""
    found = tables(spans.path)
    assert any(row["rework_cost_s"] for row in found["transitions"].to_pylist())
    for name, table in found.items():
        for column in table.column_names:
            if column == "money" or column.endswith(("_money", "_price")):
                assert table[column].null_count == len(table), (name, column)
    cost = spans.summary["fragmentation_cost"]
    assert cost["hours"] and cost["money"] is None and cost["hours_without_money"] is None


def shown(part: Any) -> Iterator[Table]:
    """Every table in a part of the report's view."""
    if isinstance(part, Table):
        yield part
    elif dataclasses.is_dataclass(part):
        for field in dataclasses.fields(part):
            yield from shown(getattr(part, field.name))
    elif isinstance(part, (tuple, list)):
        for one in part:
            yield from shown(one)


def test_no_table_of_the_page_says_0_for_what_is_not_known(moments: Workspace) -> None:
    """Hours of work, hold and people, and times outside working hours, are not 0 where nobody recorded them."""
    allowed = {"Returns", "Gave up", "Rejected", *(PARTS[name] for name in ("customer_wait", "between", "tail"))}
    found = {}
    for table in shown(view(moments)):
        for at, column in enumerate(table.columns):
            values = [row[at] for row in table.rows if row[at] is not None]
            numbers = [value for value in values if isinstance(value, (int, float))]
            if numbers and not any(numbers) and column.name not in allowed:
                found[table.id, column.name] = len(numbers)
    assert found == {}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The workspace of calls that record spans and mails that record moments."""
    folder = tmp_path_factory.mktemp("mixed")
    calls, mails = (points(folder / f"{name}.csv", ends) for name, ends in (("voice", True), ("email", False)))
    lines = ["channel," + calls.read_text().splitlines()[0]]
    for channel, path in (("voice", calls), ("email", mails)):
        lines += [f"{channel},{channel}{line}" for line in path.read_text().splitlines()[1:]]
    (folder / "log.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    mapping = {"case": "case", "time": "time", "end": "end", "activity": "activity", "team": "team", "silo": "silo"}
    settings = Settings(columns={**mapping, "channel": "channel"})
    return run([str(folder / "log.csv")], folder / "workspace", settings)


def test_handling_is_unknown_in_a_channel_that_records_none(mixed: Workspace) -> None:
    """Of a channel without spans the roll-up, the page and the graph know waits and no hours of work."""
    rows = {row["name"]: row for row in tables(mixed.path)["cost_rollups"].to_pylist() if row["by"] == "channel"}
    assert rows["email"]["rework_cost_s"] is None and rows["email"]["handoff_cost_s"] is None
    assert rows["email"]["delay_cost_s"] > 0 and rows["voice"]["rework_cost_s"] > 0
    (shown_by,) = [table for table in shown(view(mixed)) if table.id == "cost-by-channel"]
    at = [column.name for column in shown_by.columns].index("Handling time")
    assert {row[0]: row[at] is None for row in shown_by.rows} == {"email": True, "voice": False}
    answer = typer.testing.CliRunner().invoke(
        app, ["query", "costs/handoffs", "-w", str(mixed.path), "--format", "json"]
    )
    handoffs = json.loads(answer.output)
    mails = [row for row in handoffs if str(row["journey"]).startswith("email")]
    assert mails and all(row["rework_s"] is None and row["cost_s"] is not None for row in mails)


def test_exports_hold_nothing_for_what_is_not_known(moments: Workspace, tmp_path: Path) -> None:
    """Cells of CSV are empty, and the graph has no property where a value is null."""
    answer = typer.testing.CliRunner().invoke(
        app, ["export", "economy", "-w", str(moments.path), "--format", "csv", "-o", str(tmp_path / "economy.csv")]
    )
    assert answer.exit_code == 0, answer.output
    rows = list(csv.DictReader((tmp_path / "economy.csv").open(encoding="utf-8")))
    assert rows and all(row["money"] == row["value"] == row["resolution"] == "" for row in rows)
    write_graphml(moments, tmp_path / "graph.graphml", "visits")
    root = ElementTree.parse(tmp_path / "graph.graphml").getroot()
    names = {one.get("id"): one.get("attr.name") for one in root.iter() if one.tag.endswith("}key")}
    held = {names[one.get("key")] for one in root.iter() if one.tag.endswith("}data")}
    assert "wait_s" in held and not held & {"money", "value", "outcome", "resolved", "rework_cost_s", "money_total"}


def test_handoffs_are_not_known_where_nobody_is_named(tmp_path: Path) -> None:
    """Without teams and agents the summary has no count of handoffs, and the command says that instead of 0."""
    bare = "\n".join(",".join(line.split(",")[:4]) for line in points(tmp_path / "log.csv").read_text().splitlines())
    (tmp_path / "log.csv").write_text(bare + "\n", encoding="utf-8")
    said = typer.testing.CliRunner().invoke(
        app, ["run", str(tmp_path / "log.csv"), "-o", str(tmp_path / "w"), "--until", "cost"]
    )
    assert said.exit_code == 0 and "handoffs are not known" in said.output and "0 %" not in said.output
    summary = Workspace.open(tmp_path / "w").summary
    names = [name for name in summary if "handoff" in name or "return" in name or "pingpong" in name or "loop" in name]
    assert len(names) >= 7 and all(summary[name] is None for name in names)
