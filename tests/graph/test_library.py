"""The contract of query files: what the loader takes, and what it rejects with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.errors import UsageError
from miner.graph import find, queries
from miner.graph.cypher.library import bind, load

HEADER = """// title: Teams
// question: Which teams are there?
// params: least = 1 (int, smallest number of visits), limit = 5 (int, rows)
// returns: team, visits (count)
// reading: A row is a team.
"""
BODY = """MATCH (t:Team)
WHERE t.visits >= $least
RETURN t.id AS team, t.visits AS visits
ORDER BY visits DESC, team
LIMIT $limit
"""


def _load(folder: Path, text: str) -> object:
    (folder / "overview").mkdir()
    (folder / "overview" / "x.cypher").write_text(text, encoding="utf-8")
    return load(folder)["overview/x"]


def test_the_shipped_library_is_in_order() -> None:
    """All files load, at least 28 of them, in the folders of the questions."""
    found = queries()
    assert len(found) >= 28
    assert {name.split("/")[0] for name in found} == {
        "overview",
        "costs",
        "loops",
        "bottlenecks",
        "handoffs",
        "silos",
        "paths",
        "outcomes",
    }
    for query in found.values():
        assert query.header.question.endswith(("?", ".")), query.name
        assert query.header.reading.split(".")[0].lower().startswith(("a row is", "one row")), query.name
        assert all(param.meaning for param in query.header.params), query.name
        assert "limit" in {param.name for param in query.header.params}, query.name


def test_a_query_file_is_read(tmp_path: Path) -> None:
    """Header fields, parameters with types and defaults, columns and the level of detail come out."""
    query = _load(tmp_path, HEADER + BODY)
    assert (query.title, query.columns, query.level) == ("Teams", ["team", "visits"], "teams")  # type: ignore[attr-defined]
    assert query.defaults() == {"least": 1, "limit": 5}  # type: ignore[attr-defined]


def test_a_field_goes_on_in_the_next_line(tmp_path: Path) -> None:
    """A line with two spaces after the slashes belongs to the field above, even where it has a colon."""
    text = HEADER.replace("A row is a team.", "A row is\n//   a team: nothing more.") + BODY
    assert _load(tmp_path, text).header.reading == "A row is a team: nothing more."  # type: ignore[attr-defined]


def test_a_remark_on_the_query_is_no_part_of_the_header(tmp_path: Path) -> None:
    """A comment with one space ends the header."""
    query = _load(tmp_path, HEADER + "// Teams without visits are left out.\n" + BODY)
    assert query.header.reading == "A row is a team."  # type: ignore[attr-defined]
    assert query.cypher.startswith("// Teams without visits")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "kind", ['path = ["a, (b)", "c"] (list, silos)', "path (list, silos)", "path = null (list, silos)"]
)
def test_parameters_of_every_form_are_read(tmp_path: Path, kind: str) -> None:
    """Defaults are JSON, may hold commas and brackets, and may be left out."""
    text = HEADER.replace("limit = 5 (int, rows)", f"{kind}, limit = 5 (int, rows)") + BODY.replace(
        "$least", "$least AND $path = []"
    )
    query = _load(tmp_path, text)
    assert [param.name for param in query.header.params] == ["least", "path", "limit"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("old", "new", "what", "line"),
    [
        ("// reading: A row is a team.\n", "", "no field 'reading'", 5),
        ("// title: Teams", "// title:", "no field 'title'", 6),
        ("// title: Teams\n", "// title: Teams\n// title: Again\n", "twice", 2),
        ("// title: Teams\n", "// title: Teams\n// author: me\n", "no field 'author'", 2),
        ("least = 1 (int, smallest number of visits), ", "", "$least is not declared", 7),
        ("least = 1", "most = 3 (int, x), least = 1", "'most' is declared and never used", 1),
        ("least = 1 (int", "least = 1 (number", "cannot read a parameter", 3),
        ("least = 1 (int", "least = 'x' (int", "cannot read a parameter", 3),
        ("least = 1 (int", 'least = "x" (int', "is not of type int", 3),
        ("least = 1 (int", "least = true (int", "is not of type int", 3),
        ("least = 1", "limit = 1 (int, x), least = 1", "declared twice", 3),
        ("team, visits (count)", "team", "'visits' is returned and not declared", 8),
        ("team, visits (count)", "team, visits (count), events", "'events' is declared and not returned", 8),
        ("team, visits (count)", "visits (count), team", "another order", 8),
        ("team, visits (count)", "team, team, visits", "declared twice", 4),
        ("team, visits (count)", "team, (visits", "cannot read a column", 4),
        ("t.visits AS visits", "t.visits", "has no name", 8),
        ("t.visits AS visits", "avg(t.visits) AS visits", "avg()", 8),
        ("ORDER BY visits DESC, team\n", "", "not ordered", 8),
        ("MATCH (t:Team)", "MATCH (t:Team) SET t.visits = 1", "SET is refused", 6),
        ("MATCH (t:Team)", "MATCH (t:Team", "never closed", 6),
        ("RETURN t.id AS team", "WITH t.id AS team", "no RETURN", 6),
    ],
)
def test_a_wrong_file_is_rejected_with_its_line(tmp_path: Path, old: str, new: str, what: str, line: int) -> None:
    """The message names file, line and what is wrong."""
    text = HEADER + BODY
    assert old in text
    with pytest.raises(UsageError) as caught:
        _load(tmp_path, text.replace(old, new, 1))
    found = [(p.file, p.line) for p in caught.value.problems if what in p.what]
    assert found == [("overview/x.cypher", line)], str(caught.value)


def test_both_parts_of_a_union_return_the_declared_columns(tmp_path: Path) -> None:
    """A UNION whose second part names another column is rejected."""
    first = "MATCH (t:Team) WHERE t.visits > $least RETURN t.id AS team, t.visits AS visits"
    second = "MATCH (t:Silo) RETURN t.id AS silo, t.visits AS visits ORDER BY team LIMIT $limit"
    union = f"{first} UNION\n{second}"
    with pytest.raises(UsageError, match="'silo' is returned and not declared"):
        _load(tmp_path, HEADER + union)


def test_all_wrong_files_are_named_at_once(tmp_path: Path) -> None:
    """The loader goes on after the first wrong file."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.cypher").write_text("RETURN 1", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load(tmp_path)
    assert {p.file for p in caught.value.problems} == {"a.cypher", "b.cypher"}


def test_a_query_is_found_by_its_short_name() -> None:
    """The file's name is enough where only one has it."""
    assert find("team_loops") is find("loops/team_loops")


@pytest.mark.parametrize("name", ["team_loop", "loop/team_loops"])
def test_an_unknown_name_brings_the_nearest(name: str) -> None:
    """A slip of the pen is answered with the right name."""
    with pytest.raises(UsageError, match="loops/team_loops"):
        find(name)


def test_parameters_come_as_text_or_values() -> None:
    """What a command line gives is turned into the declared types."""
    query = find("silos/silo_paths")
    bound = bind(query, {"limit": "7", "path": "Sales, Service", "good": '["won"]'})
    assert (bound["limit"], bound["path"], bound["good"], bound["min_journeys"]) == (
        7,
        ["Sales", "Service"],
        ["won"],
        1,
    )
    assert bind(find("overview/teams"), {"team": "12"})["team"] == "12"


@pytest.mark.parametrize(
    ("name", "given", "what"),
    [
        ("overview/teams", {"limt": 1}, "parameters: team"),
        ("overview/teams", {"limit": "many"}, "is not of type int"),
        ("overview/teams", {"limit": "1.5"}, "is not of type int"),
        ("overview/teams", {"limit": True}, "is not of type int"),
        ("overview/teams", {"limit": None}, "is not of type int"),
        ("paths/journey", {}, "needs the parameter 'journey'"),
    ],
)
def test_a_wrong_parameter_brings_the_declared_ones(name: str, given: dict[str, object], what: str) -> None:
    """The message lists what could have been given."""
    with pytest.raises(UsageError, match=what):
        bind(find(name), given)
