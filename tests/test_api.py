"""The Python interface: ten names that are documented and work."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import graphviz
import networkx as nx
import pandas as pd
import pytest

import miner
from tests.pipeline.made import SILOS, csv_log

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> miner.Workspace:
    """A workspace made through the interface."""
    folder = tmp_path_factory.mktemp("api")
    return miner.run(csv_log(folder / "log.csv"), workspace=folder / "ws", silos=SILOS, until="query")


def test_run_makes_a_workspace_that_open_opens(workspace: miner.Workspace) -> None:
    """`run` returns what `open` finds again; `open` says where there is none."""
    again = miner.open(workspace.path)
    assert again.summary == workspace.summary and again.summary["journeys"] == 60
    with pytest.raises(miner.UsageError, match="is not a workspace"):
        miner.open(workspace.path / "tables")


def test_tables_come_as_pandas_and_arrow(workspace: miner.Workspace) -> None:
    """Every table, or some of its columns, in either form; an unknown name lists those there are."""
    frame = workspace.table("handoffs")
    assert isinstance(frame, pd.DataFrame) and len(frame) == workspace.summary["handoffs"]
    assert workspace.arrow("events", ["activity"]).column_names == ["activity"]
    with pytest.raises(miner.UsageError, match=r"there are: .*visits"):
        workspace.table("nonsense")


def test_query_asks_by_name_and_in_cypher(workspace: miner.Workspace) -> None:
    """A library query with parameters and a statement with parameters both give a frame."""
    named = miner.query(workspace, "overview/teams")
    assert isinstance(named, pd.DataFrame) and len(named) == 4
    assert len(miner.query(str(workspace.path), "loops/team_loops", limit=2)) == 2  # the query's own parameter
    counted = miner.query(workspace, "MATCH (t:Team {name: $name}) RETURN count(t) AS teams", name="L1")
    assert counted["teams"].tolist() == [1]


@pytest.mark.parametrize("asked", ["overview/teems", "MATCH (n) DELETE n", "MATCH (n RETURN n"])
def test_a_query_that_is_none_or_writes_is_refused(workspace: miner.Workspace, asked: str) -> None:
    """Unknown names, writing and broken statements are usage errors."""
    with pytest.raises(miner.UsageError):
        miner.query(workspace, asked)


def test_the_graph_goes_to_networkx(workspace: miner.Workspace) -> None:
    """`to_networkx` gives nodes and edges with their properties."""
    graph = miner.to_networkx(workspace, level="teams")
    assert isinstance(graph, nx.MultiDiGraph)
    assert {data["id"] for _, data in graph.nodes(data=True) if data["label"] == "Team"} == set(SILOS)


def test_a_map_shows_itself_in_a_notebook(workspace: miner.Workspace) -> None:
    """`show_map` gives a picture of which notebooks know what to do."""
    picture = miner.show_map(workspace, kind="teams")
    assert picture._repr_svg_().lstrip().startswith("<")


def test_a_map_is_given_to_graphviz(workspace: miner.Workspace, tmp_path: Path) -> None:
    """The same map comes as a `graphviz.Source` that names its teams and can be saved."""
    source = miner.show_map(workspace, kind="teams").source()
    assert isinstance(source, graphviz.Source)
    assert source.source.startswith("digraph") and all(team in source.source for team in SILOS)
    assert Path(source.save(tmp_path / "teams.gv")).read_text().startswith("digraph")


def test_errors_share_one_base_and_say_what_to_do(tmp_path: Path) -> None:
    """All errors of the interface are MinerErrors that carry their problems."""
    with pytest.raises(miner.MinerError) as error:
        miner.run(tmp_path / "none.csv", workspace=tmp_path / "ws")
    assert isinstance(error.value, miner.InputError) and error.value.problems[0].file


def test_options_are_those_of_settings(tmp_path: Path) -> None:
    """An option that there is not is a TypeError, one that makes no sense a UsageError."""
    log = csv_log(tmp_path / "log.csv")
    with pytest.raises(TypeError):
        miner.run(log, workspace=tmp_path / "ws", colour="red")
    with pytest.raises(miner.UsageError):
        miner.run(log, workspace=tmp_path / "ws", until="tomorrow")


def test_every_name_is_there_and_documented() -> None:
    """The names of `__all__` exist, have a docstring, and are five to eleven."""
    assert 5 <= len(miner.__all__) <= 11
    for name in miner.__all__:
        found = getattr(miner, name)
        assert inspect.getdoc(found), name
        assert name in (miner.__doc__ or ""), name
    assert miner.__version__
    with pytest.raises(AttributeError):
        miner.nonsense  # noqa: B018


def test_importing_it_is_cheap() -> None:
    """`import miner` loads no engine and no data frames."""
    heavy = ("duckdb", "pandas", "pyarrow", "pm4py", "kglite", "networkx", "rich", "typer")
    code = f"import sys, miner; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True, timeout=60).strip() == "[]"
