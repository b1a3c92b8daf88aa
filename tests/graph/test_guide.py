"""The library in Neo4j's own tools, and the command that writes it and the graph for others."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import urllib.request
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from miner.graph import EmbeddedGraph, ask_library, queries
from miner.graph.export.guide import EXAMPLES, browser_text, literal, write_browser_guide
from miner.graph.export.neodash import BARS, CHOSEN, WIDTH, dashboard, dashboard_text
from miner.graph.schema import NODES
from miner.workspace import Workspace
from tests.docs.sandbox import miner
from tests.graph.made import drawn

LIBRARY = list(queries().values())
NAMES = [query.name for query in LIBRARY]


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for Neo4j Browser."""
    folder = tmp_path_factory.mktemp("guide")
    write_browser_guide(folder)
    return folder


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in which every query finds something to look at."""
    path = tmp_path_factory.mktemp("guided") / "w"
    return drawn(path, "L1#A L2#A L1#A", "L1#A L2#A L3#B L1#A", "L2#A L3#B", "L2#A customer L2#A")


@pytest.mark.parametrize("query", LIBRARY, ids=NAMES)
def test_a_query_for_browser_sets_every_parameter(query: Any) -> None:
    """A comment to be called by, a :param line for each parameter, one statement that ends with a semicolon."""
    lines = browser_text(query).splitlines()
    assert lines[0] == f"// {query.title}"
    set_here = [match[1] for line in lines if (match := re.fullmatch(r":param (\w+) => .+;", line))]
    assert set_here == [param.name for param in query.header.params]
    assert "\n".join(lines[2 + len(set_here) :]) == query.cypher.rstrip() + ";"


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_found_in_a_graph(name: str, workspace: Workspace) -> None:
    """What a query must be given and the guide looks for is one value that is there."""
    with EmbeddedGraph.open(workspace) as graph:
        ((value,),) = graph.run(EXAMPLES[name]).rows
    assert value


@pytest.mark.parametrize("query", LIBRARY, ids=NAMES)
def test_everything_that_must_be_given_has_an_example(query: Any) -> None:
    """So that each file runs as it is."""
    assert all(param.name in EXAMPLES for param in query.header.params if param.required)


@pytest.mark.parametrize("value", [None, True, 3, -1.5, 'it\'s "x" \\ \n', "é🙂", ["a", "b\u2028"], []])
def test_literals_are_read_as_they_were_meant(value: object, workspace: Workspace) -> None:
    """By an engine of Cypher, whatever is in a text."""
    with EmbeddedGraph.open(workspace) as graph:
        assert graph.run(f"RETURN {literal(value)} AS value").rows == [(value,)]


class _Tags(HTMLParser):
    """Whether what is opened is closed, and the texts of the code blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.blocks: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        if tag == "pre":
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "pre":
            self.blocks[-1] += data


def test_the_guide_in_html_holds_every_query(guide: Path) -> None:
    """Well-formed, no scripts, the text of each query as it stands in its file."""
    text = (guide / "guide.html").read_text(encoding="utf-8")
    tags = _Tags()
    tags.feed(text)
    assert tags.open == []
    assert "<script" not in text
    assert text.count("<slide") == text.count("</slide>")
    assert {browser_text(query).rstrip() for query in LIBRARY} < set(tags.blocks)


def test_the_guide_in_asciidoc_holds_every_query(guide: Path) -> None:
    """One slide for each, and one to begin with."""
    text = (guide / "guide.adoc").read_text(encoding="utf-8")
    blocks = re.findall(r"^\[source,cypher\]\n----\n(.*?)\n----$", text, re.MULTILINE | re.DOTALL)
    assert blocks[1:] == [browser_text(query).rstrip() for query in LIBRARY]
    assert len(re.findall(r"^== ", text, re.MULTILINE)) == len(LIBRARY) + 1


def test_the_style_names_every_label(guide: Path) -> None:
    """With a property that nodes of that label have."""
    text = (guide / "style.grass").read_text(encoding="utf-8")
    for node in NODES:
        found = re.search(rf"node\.{node.label} \{{.*caption: '\{{(\w+)\}}'", text)
        assert found
        assert found[1] in {"id", *(prop.name for prop in node.properties)}
    assert text.count("{") == text.count("}")


def test_the_folder_is_offered_to_this_machine_only(guide: Path) -> None:
    """serve.py lets Browser read the guide, from 127.0.0.1."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "serve.py", str(port)], cwd=guide, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        assert server.stdout
        assert f":{port}/" in server.stdout.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/guide.adoc", timeout=10) as answer:  # noqa: S310
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.read() == (guide / "guide.adoc").read_bytes()
    finally:
        server.kill()
        server.communicate()


@pytest.mark.parametrize("query", LIBRARY, ids=NAMES)
def test_a_report_of_the_dashboard_gives_the_rows_of_its_query(query: Any, workspace: Workspace) -> None:
    """Its defaults are in the text; what must be given is a parameter of NeoDash."""
    given = {}
    text = dashboard_text(query)
    left = set(re.findall(r"\$(\w+)", text))
    with EmbeddedGraph.open(workspace) as graph:
        for param in query.header.params:
            if param.required:
                given[param.name] = graph.run(EXAMPLES[param.name]).rows[0][0]
        assert left == {f"neodash_{name}" for name in given}
        rows = graph.run(text, {f"neodash_{name}": value for name, value in given.items()}).rows
        assert rows == ask_library(graph, query, given).rows


def _reports() -> list[tuple[str, dict[str, Any]]]:
    return [(page["title"], report) for page in dashboard()["pages"] for report in page["reports"]]


def test_the_dashboard_holds_every_query_it_can_ask() -> None:
    """All but those that need a list; each says its question."""
    texts = {report["query"]: report for _, report in _reports()}
    for query in LIBRARY:
        askable = all(param.name in CHOSEN for param in query.header.params if param.required)
        assert (dashboard_text(query) in texts) == askable
        assert not askable or query.header.question in texts[dashboard_text(query)]["settings"]["description"]


def test_what_must_be_chosen_can_be_chosen() -> None:
    """Every parameter of a report is set by a selector on the same page."""
    for page in dashboard()["pages"]:
        chosen = {report["settings"].get("parameterName") for report in page["reports"] if report["type"] == "select"}
        used = {name for report in page["reports"] for name in re.findall(r"\$(neodash_\w+)", report["query"])}
        assert used <= chosen


def test_reports_lie_side_by_side() -> None:
    """Inside NeoDash's grid, no two on the same place, each with an id of its own."""
    taken: set[tuple[str, int, int]] = set()
    for title, report in _reports():
        places = {
            (title, x, y)
            for x in range(report["x"], report["x"] + report["width"])
            for y in range(report["y"], report["y"] + report["height"])
        }
        assert not places & taken
        assert report["x"] + report["width"] <= WIDTH
        taken |= places
    ids = [report["id"] for _, report in _reports()]
    assert len(set(ids)) == len(ids)
    assert dashboard() == json.loads(json.dumps(dashboard()))


def test_of_several_workspaces_one_is_asked(tmp_path: Path) -> None:
    """Every labelled node is looked for in it, and its name stays text, whatever is in it."""
    name = 'w"}) DETACH DELETE n //'
    write_browser_guide(tmp_path, name)
    for query in LIBRARY:
        text = (tmp_path / "queries" / f"{query.name}.cypher").read_text(encoding="utf-8")
        assert f":param workspace => {json.dumps(name)};" in text
        body = text.rpartition(":param")[2].partition("\n")[2]
        assert "workspace: $workspace" in body
        assert name not in body
    for page in dashboard(name)["pages"]:
        for report in page["reports"]:
            if report["type"] != "text":
                assert f"workspace: {json.dumps(name)}" in report["query"]
                assert "$workspace" not in report["query"]


@pytest.mark.parametrize("name", BARS)
def test_bars_are_of_columns_that_there_are(name: str) -> None:
    """The axis and what is drawn along it."""
    assert set(BARS[name]) <= set(queries()[name].columns)


@pytest.mark.parametrize(
    ("words", "files"),
    [
        (["graphml"], {"graph.graphml"}),
        (["gexf", "--detail", "teams", "-o", "t.gexf"], {"t.gexf"}),
        (["edges", "--detail", "teams", "--format", "arrow", "-o", "e"], {"e"}),
        (["neo4j-browser"], {"neo4j-browser"}),
        (["neodash", "-o", "d/board.json"], {"d"}),
        (["team-measures"], {"team_measures.csv"}),
        (["team-measures", "--format", "parquet", "-o", "m.parquet"], {"m.parquet"}),
        (["handoffs", "--format", "parquet"], {"handoffs.parquet"}),
    ],
)
def test_the_command_writes_what_is_asked_for(
    words: list[str], files: set[str], workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Into the current folder under a plain name, or where -o says; nothing else."""
    monkeypatch.chdir(tmp_path)
    code, said = miner(["export", *words, "-w", str(workspace.path)])
    assert code == 0, said
    assert {path.name for path in tmp_path.iterdir()} == files


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nonsense"], "unknown export 'nonsense'"),
        (["graphml", "--format", "csv"], "--format does not apply to graphml"),
        (["handoffs", "--detail", "teams"], "--detail does not apply to handoffs"),
        (["gexf", "--detail", "all"], "no level of detail 'all'"),
        (["edges", "--format", "xlsx"], "unknown format 'xlsx'"),
        (["neodash", "--write-back"], "--write-back does not apply to neodash"),
        (["gexf", "--within", "w"], "--within does not apply to gexf"),
    ],
)
def test_the_command_says_what_is_wrong(words: list[str], message: str, workspace: Workspace, tmp_path: Path) -> None:
    """With the exit code of wrong usage, and no file."""
    code, said = miner(["export", *words, "-w", str(workspace.path), "-o", str(tmp_path / "x")])
    assert code == 2
    assert message in said
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_team_measures_are_written_back_on_request(tmp_path: Path) -> None:
    """As a table of the workspace and as properties of the embedded graph, whose detail stays as it was."""
    workspace = drawn(tmp_path / "w", "A B C", "C B", level="visits")
    code, said = miner(["export", "team-measures", "--write-back", "-w", str(workspace.path)])
    assert code == 0, said
    with EmbeddedGraph.open(workspace) as graph:
        assert graph.level == "visits"
        rows = graph.run("MATCH (t:Team) WHERE t.articulation RETURN t.id AS id, t.cuts_off AS n").rows
    assert rows == [("B", 1)]
    assert list(pd.read_parquet(workspace.table_path("team_measures")).team) == ["B", "C", "A"]
