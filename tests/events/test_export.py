"""Tables of a workspace as files for other programs."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from miner.errors import UsageError
from miner.events import export
from miner.events.export import harmless, write_table
from miner.workspace import TABLES, Workspace
from tests.cli.running import miner

CELLS = ["=1+1", "+49 30", "-5", "@cmd", "\tx", "\rx", "\nx", "＝1", "＠x", "plain", None, "a=b", "it's"]
SAFE = ["'=1+1", "'+49 30", "'-5", "'@cmd", "'\tx", "'\rx", "'\nx", "'＝1", "'＠x", "plain", None, "a=b", "it's"]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with one table of dangerous cells."""
    (tmp_path / "ws" / "tables").mkdir(parents=True)
    table = pa.table({"cell": CELLS, "n": [-1.5] * len(CELLS), "when": pa.array([0] * len(CELLS), pa.timestamp("us"))})
    pq.write_table(table, tmp_path / "ws" / "tables" / "odd.parquet")
    Workspace(tmp_path / "ws").write_json("manifest.json", {"key": "k", "tables": TABLES, "stages": {}})
    return Workspace.open(tmp_path / "ws")


def test_texts_that_a_spreadsheet_would_run_are_quoted() -> None:
    """Cells that begin like a formula get a quote; numbers stay numbers."""
    assert [harmless(cell) for cell in CELLS] == SAFE
    assert harmless(-5) == -5


def test_csv_and_sheets_are_harmless_and_parquet_is_exact(workspace: Workspace, tmp_path: Path) -> None:
    """Spreadsheet formats are neutralised, Parquet keeps the very values."""
    for form in export.FORMATS:
        write_table(workspace, "odd", form, tmp_path / f"out.{form}")
    with (tmp_path / "out.csv").open(newline="") as f:
        rows = list(csv.DictReader(f))
    assert [row["cell"] or None for row in rows] == SAFE and {row["n"] for row in rows} == {"-1.5"}
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert sheet is not None
    shown = [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert shown[:2] == SAFE[:2] and sheet.cell(2, 2).value == -1.5
    assert pq.read_table(tmp_path / "out.parquet")["cell"].to_pylist() == CELLS


def test_what_there_is_not_is_a_usage_error(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unknown tables and formats say what there is; too many rows for a sheet say what to use."""
    for name, form, said in (("none", "csv", "there are: odd"), ("odd", "pdf", "formats are")):
        with pytest.raises(UsageError, match=said):
            write_table(workspace, name, form, tmp_path / "out")
    monkeypatch.setattr(export, "EXCEL_ROWS", 3)
    with pytest.raises(UsageError, match="csv or parquet"):
        write_table(workspace, "odd", "xlsx", tmp_path / "out.xlsx")
    assert not list(tmp_path.glob("*out*"))


def test_the_command_writes_one_table_or_all(workspace: Workspace, tmp_path: Path) -> None:
    """`miner export` names the files it wrote on stderr."""
    done = miner("export", "odd", "-w", workspace.path, "-o", tmp_path / "one.csv")
    assert done.returncode == 0 and str(tmp_path / "one.csv") in done.stderr and done.stdout == ""
    assert miner("export", "all", "-w", workspace.path, "--format", "parquet", "-o", tmp_path / "all").returncode == 0
    assert (tmp_path / "all" / "odd.parquet").exists()
    done = miner("export", "all", "-w", workspace.path, "-o", tmp_path / "all.csv")
    assert done.returncode == 2 and "folder" in done.stderr
