"""The command `miner shell`: conversations through a pipe, and in a terminal that is played."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from miner.cli.shell.session import COMMANDS, Session
from miner.cli.shell.statements import is_finished, lines, split
from miner.cli.shell.terminal import history_file, talk
from miner.cli.shell.words import complete
from miner.errors import UsageError
from miner.graph import EmbeddedGraph, queries
from tests.graph.made import drawn


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small workspace with loops between three teams in two silos."""
    path = tmp_path_factory.mktemp("shell") / "w"
    drawn(path, "L1#A L2#A L1#A", "L1#A L2#A L3#B L1#A", "L2#A")
    return path


@pytest.fixture
def session(workspace: Path) -> Iterator[Session]:
    """A conversation with that workspace's graph."""
    from miner.workspace import Workspace

    with EmbeddedGraph.open(Workspace(workspace)) as graph:
        yield Session(graph, 30.0, 10_000)


def _piped(workspace: Path, text: str, *options: str) -> tuple[int, str, str]:
    """Run `miner shell` with this input: exit code, standard output, standard error."""
    from miner.cli.app import main

    out, err = io.StringIO(), io.StringIO()
    command = ["miner", "shell", "-w", str(workspace), *options]
    typed, piped = mock.patch.object(sys, "argv", command), mock.patch.object(sys, "stdin", io.StringIO(text))
    with typed, piped, redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as stop:
            return int(stop.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_statements_end_with_semicolons_outside_quotes_and_comments() -> None:
    """What is left after the last one is unfinished."""
    text = "RETURN 'a;b' AS x; // c;\nRETURN \"q;\" AS `y;`;\n/* ; */ RETURN 3"
    finished, rest = split(text)
    assert finished == ["RETURN 'a;b' AS x", '// c;\nRETURN "q;" AS `y;`']
    assert rest.strip() == "/* ; */ RETURN 3"


@pytest.mark.parametrize("text", ["RETURN 'a; ", "RETURN 1 /* ;", 'RETURN "a\\";', "MATCH (n)", "// only\nRETURN 1"])
def test_open_quotes_and_comments_are_unfinished(text: str) -> None:
    """A line editor has to ask for more."""
    assert not is_finished(text)


@pytest.mark.parametrize("text", ["", ":help", "RETURN 1;", "// note", ":param a=1\nRETURN $a;", "RETURN 1; // end"])
def test_commands_and_ended_statements_are_finished(text: str) -> None:
    """A line editor runs them."""
    assert is_finished(text)


def test_a_piped_conversation(workspace: Path, tmp_path: Path) -> None:
    """Parameters, statements of several lines, queries of the library and an export, as they stand in a file."""
    out = tmp_path / "rows.json"
    code, said, told = _piped(
        workspace,
        f"// what a guide begins with\n:param team => 'L1';\n:param limit=1\nMATCH (t:Team {{id: $team}}) // one; \n"
        f"RETURN t.id AS team, t.visits AS visits;\n:query team_loops\n:export {out}\nRETURN 'the end' AS last\n",
    )
    assert code == 0, told
    assert "visits" in said
    assert "loop_order" in said
    assert "the end" in said  # the end of the input ends a statement as well
    assert [row["team"] for row in json.loads(out.read_text())] == ["L1"]


def test_a_pipe_stops_at_the_first_error(workspace: Path) -> None:
    """With the exit code of wrong usage, and nothing after it is run."""
    code, said, told = _piped(workspace, "RETURN 1 AS one;\nMATCH (t:Team) SET t.x = 1;\nRETURN 2 AS two;\n")
    assert code == 2
    assert "one" in said
    assert "two" not in said
    assert "SET is refused" in told


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\u0085", "\r", "\x0b", "\x0c", "\x1c", "\x1e"])
def test_a_comment_hides_no_command(workspace: Path, tmp_path: Path, end: str) -> None:
    """A line ends with a line feed and with nothing else, so that no command runs out of a comment."""
    out = tmp_path / "rows.csv"
    text = f"MATCH (t:Team) RETURN t.id AS team;\n// a note{end}:export {out}\nRETURN 1 AS one;\n"
    file = tmp_path / "typed.cypher"
    file.write_bytes(text.encode())
    start = "import sys; sys.argv[0] = 'miner'; from miner.cli.app import main; main()"
    with file.open("rb") as typed:
        ran = subprocess.run(
            [sys.executable, "-c", start, "shell", "-w", str(workspace)],
            stdin=typed,
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parents[2],
        )
    assert not out.exists()
    assert "team" in ran.stdout and ("one" in ran.stdout) is (end != "\r")  # a carriage return in a comment is refused
    assert not is_finished(f"// a note{end}:export x\nRETURN 1") and is_finished(f"// a note{end}:export x")


def test_lines_end_with_a_line_feed() -> None:
    """A carriage return before it belongs to the end, and what else looks like an end does not count."""
    assert lines("a\r\nb\u2028c\rd\n\ne") == ["a\r\n", "b\u2028c\rd\n", "\n", "e"]
    assert lines("") == [""]


def test_a_stopped_statement_is_no_end_of_the_talk(workspace: Path) -> None:
    """The next statement is answered by another process."""
    from miner.workspace import Workspace

    with EmbeddedGraph.open(Workspace(workspace)) as graph:
        session = Session(graph, 0.5, 10)
        with pytest.raises(UsageError, match="was stopped"):
            session.feed("WITH reduce(s = 'a', x IN range(1, 60) | s + s) AS s RETURN size(s) AS n;\n")
        session.feed("RETURN 1 AS one;\n")


@pytest.mark.parametrize(
    "text",
    ["CREATE (n:Team)", "MATCH (n) DETACH DELETE n", "LOAD CSV FROM 'file:///x' AS l RETURN l", "CALL db.info()"],
)
def test_it_only_reads(session: Session, text: str) -> None:
    """What writes, opens files or calls procedures is refused."""
    with pytest.raises(UsageError, match=r"refused|not allowed"):
        session.feed(f"{text};")


def test_quit_ends_it(workspace: Path) -> None:
    """What stands behind it is not run."""
    code, said, _ = _piped(workspace, ":quit\nRETURN 1 AS one;\n")
    assert (code, said) == (0, "")


def test_the_schema_tells_labels_types_and_properties(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    """All of them, or what one is made of, as this graph has it."""
    session.feed(":schema")
    everything = capsys.readouterr().out
    assert "(:Team)" in everything
    assert "(:Visit)-[:HANDOFF]->(:Visit)" in everything
    assert "Agent" not in everything  # not loaded here
    session.feed(":schema handoff")
    assert "wait_s" in capsys.readouterr().out
    with pytest.raises(UsageError, match="no label or type 'Nothing'"):
        session.feed(":schema Nothing")


def test_queries_are_listed_and_described(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    """All, those with a word, and one with its text."""
    session.feed(":queries")
    assert capsys.readouterr().out.count("\n") >= len(queries())
    session.feed(":queries ping-pong")
    assert "loops/pingpong" in capsys.readouterr().out
    session.feed(":describe pingpong")
    assert "RETURN" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (":nonsense", "no command :nonsense"),
        (":query", "which query"),
        (":query pingpongs", "no query"),
        (":query pingpong nonsense=1", "no parameter 'nonsense'"),
        (":export x.csv", "no rows yet"),
        (":param 1x=2", "is not a parameter"),
        (":query 'pingpong", "never closed"),
        (":queries zzz", "no query contains"),
    ],
)
def test_a_wrong_command_says_what_to_do(session: Session, line: str, message: str) -> None:
    """The message names what is wrong, and the fix what there is."""
    with pytest.raises(UsageError, match=message) as caught:
        session.feed(line)
    assert caught.value.problems[0].fix or "closed" in message


def test_help_lists_every_command(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command has a line, and each line a command."""
    session.feed(":help")
    said = capsys.readouterr().out
    assert all(f":{name}" in said and hasattr(session, f"_do_{name}") for name in COMMANDS)


def test_set_parameters_reach_a_query_only_where_it_has_them(session: Session) -> None:
    """What is left over is for other statements; JSON values keep their types."""
    session.feed(':param min_journeys=1\n:param other=["x"]\n:query team_loops\nRETURN $other[0] AS x;')
    assert session.params == {"min_journeys": 1, "other": ["x"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MATCH (t:Te", "Team"),
        ("MATCH (a:Team)-[h:HAND", "HANDS_OFF_TO"),
        ("MATCH (a)-[:HANDOFF|RET", "RETURNS_TO"),
        ("MATCH (t:Team) WHERE t.wait_s_m", "wait_s_median"),
        ("MATCH (v:Visit {pos", "position"),
        ("MATCH (v:Visit {position: 0, te", "team"),
        ("MATCH ()-[h:HANDOFF]->() RETURN h.cross", "crosses_silo"),
        ("RETURN $min_j", "min_journeys"),
        ("MAT", "MATCH"),
        (":que", "queries"),
        (":query loops/team", "loops/team_loops"),
        (":query team_loops min_", "min_journeys="),
        (":schema Vis", "Visit"),
        (":param min_j", "min_journeys="),
        ("RETURN 'a', t.vis", "visits"),
    ],
)
def test_completion(text: str, expected: str) -> None:
    """Labels, types, properties, parameters, names of queries, commands and keywords, each in its place."""
    found = {word: typed for word, typed, _ in complete(text)}
    assert expected in found
    assert text.lower().endswith(expected[: found[expected]].lower())


def test_completion_keeps_to_its_place() -> None:
    """Labels for nodes, types for relationships, properties of the label at hand, nothing inside quotes."""
    assert {word for word, *_ in complete("MATCH (t:H")} == set()
    assert {word for word, *_ in complete("MATCH (a:Team)-[h:T")} == {"TOOK"}
    assert {word for word, *_ in complete("MATCH (c:Customer)-[:HAS]->(j:Journey) RETURN c.")} == {"id"}
    assert not list(complete("RETURN 'x:Te"))
    assert "mine" in {word for word, *_ in complete("RETURN $mi", ["mine"])}


def test_a_played_terminal(session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Enter asks for more until the semicolon, Tab completes, errors go by, Ctrl-D ends, the history is kept."""
    history = tmp_path / "state" / "history"
    with create_pipe_input() as keys:
        keys.send_text("MATCH (t:Silo)\rRETURN count(t) AS silos;\r")
        keys.send_text("RETURN nonsense;\r:describe loops/pingp\t\r:sch\t Silo\r\x04")
        talk(session, "here", history, input=keys, output=DummyOutput())
    said = capsys.readouterr()
    assert "silos" in said.out
    assert "error:" in said.err
    assert "+MATCH (t:Silo)" in history.read_text()
    assert history.stat().st_mode & 0o077 == 0


def test_the_history_has_its_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In the user's state folder, or where MINER_HISTORY says."""
    monkeypatch.delenv("MINER_HISTORY", raising=False)
    assert history_file().name == "shell_history"
    monkeypatch.setenv("MINER_HISTORY", str(tmp_path / "h"))
    assert history_file() == tmp_path / "h"
