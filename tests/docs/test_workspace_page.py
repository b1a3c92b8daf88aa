"""The contract on docs/workspace.md is what a run writes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from miner import errors
from miner.sql import models
from tests.docs.pages import DOCS, tables

PAGE = DOCS / "workspace.md"
TABLES = [
    *(model.table for model in models().values() if model.is_saved),
]


@pytest.mark.parametrize("table", TABLES)
def test_columns(table: str, mined: Path) -> None:
    """Every column of a table is described, in order, with its type and a meaning."""
    import pyarrow.parquet as pq

    said = tables(PAGE, f"### {table}")
    schema = pq.read_schema(mined / "tables" / f"{table}.parquet")
    assert [row[:2] for row in said] == [[column.name, str(column.type).replace("large_", "")] for column in schema]
    assert all(row[2] for row in said)


def test_every_table_is_there(mined: Path) -> None:
    """A run writes the tables of the page and no others."""
    assert sorted(path.stem for path in (mined / "tables").iterdir()) == sorted(TABLES)


def test_every_file_is_there(mined: Path) -> None:
    """What lies in a workspace is listed on the page, and the other way round."""
    listing = PAGE.read_text(encoding="utf-8").partition("WORKSPACE/\n")[2].partition("```")[0]
    listed = {line.split()[0].partition("/")[0] for line in listing.splitlines()}
    assert {path.name for path in mined.iterdir()} == listed


@pytest.mark.parametrize(
    ("heading", "file", "path"),
    [
        ("## summary.json", "summary.json", ()),
        ("## Findings", "summary.json", ("findings", 0)),
        ("## quality.json", "quality.json", ()),
    ],
)
def test_keys(heading: str, file: str, path: tuple[str | int, ...], mined: Path) -> None:
    """The keys of the JSON files are those of the page."""
    value = json.loads((mined / file).read_text(encoding="utf-8"))
    for key in path:
        value = value[key]
    assert {row[0] for row in tables(PAGE, heading)} == set(value)


def test_kinds_of_findings(mined: Path) -> None:
    """Every finding is of a kind, and tells its place in words, that the page names."""
    found = json.loads((mined / "summary.json").read_text(encoding="utf-8"))["findings"]
    text = {row[0]: row[1] for row in tables(PAGE, "## Findings")}
    assert found
    assert all(finding["kind"] in text["kind"] for finding in found)
    assert all(key in text["where"] for finding in found for key in finding["where"])


def test_parts_of_the_report(mined: Path) -> None:
    """The parts of the page that a team opens are those that docs/teams.md goes through, in that order."""
    page = (mined / "report.html").read_text(encoding="utf-8")
    shown = re.findall(r"<h2[^>]*>\s*(?:<[^>]+>\s*)*([^<]+?)\s*<", page)
    said = [row[0].strip("*") for row in tables(DOCS / "teams.md", "## From top to bottom")]
    assert said == ["Headline", *shown]


def test_exit_codes() -> None:
    """The exit codes of the errors are those of the page."""
    kinds = (errors.MinerError, errors.UsageError, errors.InputError, errors.ServerError, errors.Interrupted)
    assert [int(row[0]) for row in tables(PAGE, "## Exit codes")] == [0, *(kind.exit_code for kind in kinds)]


def test_stages() -> None:
    """The stages are named in their order."""
    from miner.pipeline.settings import STAGES

    assert f"`{' '.join(STAGES)}`" in PAGE.read_text(encoding="utf-8")
