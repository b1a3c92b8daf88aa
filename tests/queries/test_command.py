"""The commands `miner query` and `miner queries`."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from miner.graph import queries
from tests.drawings import draw
from tests.graph.made import build, drawn, workspace_of


def _miner(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from miner.cli.app import main; main()", *arguments]
    root = Path(__file__).parents[2]
    return subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        cwd=cwd or root,
        check=False,  # noqa: S603
        env={"PYTHONPATH": str(root), "PATH": "", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
    )


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small workspace with loops between three teams in two silos."""
    path = tmp_path_factory.mktemp("command") / "w"
    drawn(path, "L1#A L2#A L1#A", "L1#A L2#A L3#B L1#A", "L2#A")
    return str(path)


def test_a_query_by_name_prints_a_table(workspace: str) -> None:
    """Durations are spoken, rows are counted on stderr."""
    done = _miner("query", "team_loops", "-w", workspace)
    assert done.returncode == 0, done.stderr
    assert "away_s_total" in done.stdout
    assert "2 min" in done.stdout
    assert done.stderr == "2 rows\n"


def test_json_has_every_column(workspace: str) -> None:
    """Plain values under the declared names."""
    done = _miner("query", "loops/team_loops", "-w", workspace, "--format", "json", "--param", "limit=1")
    (row,) = json.loads(done.stdout)
    assert row == {
        "team": "L1",
        "via": "L2",
        "loop_order": 3,
        "journeys": 1,
        "returns": 1,
        "avoidable": None,
        "away_s_total": 180.0,
        "away_s_median": 180.0,
    }


def test_csv_goes_to_a_file_by_its_ending(workspace: str, tmp_path: Path) -> None:
    """-o FILE.csv needs no --format, and stdout stays empty."""
    done = _miner("query", "overview/teams", "-w", workspace, "-o", str(tmp_path / "out" / "teams.csv"))
    assert (done.returncode, done.stdout) == (0, "")
    rows = list(csv.DictReader((tmp_path / "out" / "teams.csv").open(encoding="utf-8", newline="")))
    assert [row["team"] for row in rows] == ["L1", "L2", "L3"]


def test_parquet_keeps_types(workspace: str, tmp_path: Path) -> None:
    """Integers stay integers and lists stay lists."""
    _miner("query", "longest_chains", "-w", workspace, "-o", str(tmp_path / "x.parquet"))
    table = pq.read_table(tmp_path / "x.parquet")
    assert str(table.schema.field("handoffs").type) == "int64"
    assert table.column("teams").to_pylist()[0] == ["L1", "L2", "L3", "L1"]


def test_a_statement_is_run_with_its_parameters(workspace: str, tmp_path: Path) -> None:
    """By text or by file; a parameter is JSON where it can be."""
    text = "MATCH (t:Team) WHERE t.visits >= $least RETURN t.id AS team ORDER BY team"
    (tmp_path / "x.cypher").write_text(text, encoding="utf-8")
    by_text = _miner("query", "-e", text, "-w", workspace, "--param", "least=3", "--format", "csv")
    by_file = _miner(
        "query", "--file", str(tmp_path / "x.cypher"), "-w", workspace, "--param", "least=3", "--format", "csv"
    )
    assert by_text.stdout == by_file.stdout == "team\nL1\nL2\n"


def test_a_limit_says_what_it_cut(workspace: str) -> None:
    """The note names the option that gives more."""
    done = _miner("query", "overview/teams", "-w", workspace, "--limit", "1", "--format", "json")
    assert len(json.loads(done.stdout)) == 1
    assert "--limit" in done.stderr


def test_no_rows_are_said_and_not_an_error(workspace: str) -> None:
    """The columns are named, so that the reader knows what was asked."""
    done = _miner("query", "handoffs/bot_to_human", "-w", workspace)
    assert done.returncode == 0
    assert done.stdout.startswith("no rows (bot, to_team")


def test_cells_cannot_run_in_a_spreadsheet_or_a_terminal(tmp_path: Path) -> None:
    """Formulas are quoted in CSV; markup and control characters are text in a table."""
    events = draw("L1 L2")
    names = ("=cmd|' /C calc'!A0", "[red]x[/red]\x1b[31m")
    for event, name in zip(events, names, strict=True):
        event["team"] = name
    build(workspace_of(tmp_path / "w", events))
    done = _miner("query", "overview/teams", "-w", str(tmp_path / "w"), "--format", "csv")
    assert {row["team"] for row in csv.DictReader(io.StringIO(done.stdout))} == {f"'{names[0]}", names[1]}
    shown = _miner("query", "overview/teams", "-w", str(tmp_path / "w")).stdout
    assert "[red]x[/red]" in shown
    assert "\x1b[31m" not in shown


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["team_loop"], 2, "loops/team_loops"),
        (["overview/teams", "--param", "limt=1"], 2, "parameters: team (str)"),
        (["overview/teams", "--param", "limit=x"], 2, "is not of type int"),
        (["overview/teams", "--param", "limit"], 2, "KEY=VALUE"),
        (["paths/journey"], 2, "needs the parameter 'journey'"),
        ([], 2, "exactly one query"),
        (["MATCH (n) RETURN n"], 2, "give a statement with -e"),
        (["mine.cypher"], 2, "--file FILE"),
        (["overview/teams", "-e", "RETURN 1 AS x"], 2, "exactly one query"),
        (["-e", "MATCH (t:Team) DELETE t"], 2, "DELETE is refused"),
        (["-e", "MATCH (t:Team RETURN 1 AS x"], 2, "never closed"),
        (["--file", "no such file"], 2, "no file"),
        (["overview/teams", "--graph", "neo4j://localhost"], 2, "there is no password"),
    ],
)
def test_a_wrong_command_says_what_to_do(arguments: list[str], code: int, said: str, workspace: str) -> None:
    """Errors go to stderr with the exit code of the contract, without a traceback."""
    done = _miner("query", *arguments, "-w", workspace)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_no_workspace_is_said(tmp_path: Path) -> None:
    """The message says how to make one."""
    done = _miner("query", "overview/teams", "-w", str(tmp_path))
    assert done.returncode == 2
    assert "miner run" in done.stderr


def test_the_library_is_listed() -> None:
    """Every query with its question, one a line where there is no terminal."""
    lines = _miner("queries").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(queries())
    assert all("?" in line or "." in line for line in lines)


def test_one_query_is_described() -> None:
    """Question, parameters with defaults, columns and the text itself."""
    shown = _miner("queries", "loops/team_loops").stdout
    for part in (
        "Which teams get the same journey back",
        "--param min_journeys  = 1",
        "away_s_median",
        "MATCH (back:Visit)",
    ):
        assert part in shown


def test_the_library_is_listed_for_programs() -> None:
    """JSON with everything that the header says."""
    listed = json.loads(_miner("queries", "--format", "json").stdout)
    assert [query["name"] for query in listed] == list(queries())
    assert set(listed[0]) == {"name", "title", "question", "params", "returns", "reading", "index", "detail", "cypher"}
    one = json.loads(_miner("queries", "paths/journey", "--format", "json").stdout)
    assert "default" not in one["params"][0]
