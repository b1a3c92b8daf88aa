"""The header of a model: what it declares, and every way in which it can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.errors import UsageError
from miner.sql import models
from miner.sql.catalog import read_models
from miner.sql.header import parse
from miner.sql.tables_read import steps

GOOD = """-- table: waits_of_teams
-- definition: How long each team
--   was waited for.
-- reads: events
-- grain: team
-- saved: yes
-- order: wait_us DESC NULLS LAST, team
-- columns:
--   team string: the team: as its
--     source calls it
--   wait_us seconds: its waiting, seconds
--   last_us timestamp: the last wait
--   share double [0 to 1]: its share
--   order int64 = place: place by waiting
-- unsaved:
--   place int64: place by waiting
--
-- A remark: this is no field.
WITH summed AS (
  SELECT team, sum(wait_us) AS wait_us FROM events GROUP BY team
)
SELECT * FROM summed
"""


def test_a_header_declares_a_table() -> None:
    """Continued lines, units, expressions and remarks are read as they are meant."""
    model = parse(GOOD, "miner/measures/waits_of_teams.sql")
    assert model.definition == "How long each team was waited for."
    assert (model.reads, model.grain, model.saved_in) == (("events",), ("team",), "waits_of_teams")
    assert [column.saved_name for column in model.columns] == ["team", "wait_s", "last_at", "share", "order"]
    assert [column.saved_type for column in model.columns] == ["string", "double", "timestamp[us]", "double", "int64"]
    assert model.columns[0].meaning == "the team: as its source calls it"
    assert model.columns[3].unit == "0 to 1" and model.columns[4].sql == "place"
    assert model.body.startswith("WITH summed") and model.first_line == 19


def test_a_file_without_a_statement_is_an_input() -> None:
    """What the program fills needs neither reads nor saved."""
    text = "-- table: t\n-- definition: d\n-- grain: a\n-- columns:\n--   a string: x\n"
    assert parse(text, "miner/m/t.sql").is_input


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("-- grain: team", "-- grian: team", 5, "no field 'grian'"),
        ("-- grain: team\n", "", 16, "no field 'grain'"),
        ("-- grain: team", "-- grain: group", 5, "no column 'group'"),
        ("-- reads: events", "-- reads: events, visits", 4, "does not read 'visits'"),
        ("-- reads: events", "-- reads: visits", 4, "reads 'events'"),
        ("-- saved: yes", "-- saved: perhaps", 6, "cannot read 'perhaps'"),
        ("-- order: wait_us DESC NULLS LAST, team\n", "", 16, "has an order"),
        ("-- order: wait_us DESC", "-- order: waited DESC", 7, "cannot sort by 'waited DESC"),
        ("wait_us seconds", "wait_us minutes", 11, "cannot read a column"),
        ("wait_us seconds: its", "wait seconds: its", 11, "ends with _us"),
        ("share double", "team double", 8, "declared twice"),
        ("-- table: waits_of_teams", "-- table: waits", 1, "makes the table 'waits'"),
        ("-- reads: events", "-- reads: events\n-- reads: events", 5, "'reads' twice"),
    ],
)
def test_a_wrong_header_is_said_with_its_line(old: str, new: str, line: int, said: str) -> None:
    """Each error names file and line, and what to do."""
    assert old in GOOD
    with pytest.raises(UsageError) as error:
        parse(GOOD.replace(old, new, 1), "miner/measures/waits_of_teams.sql")
    (problem,) = [one for one in error.value.problems if said in one.what] or error.value.problems
    assert said in problem.what
    assert (problem.file, problem.line) == ("miner/measures/waits_of_teams.sql", line)
    assert problem.fix


def test_a_table_has_one_meaning(tmp_path: Path) -> None:
    """Two files that make one table are refused, and so is a table that nothing makes."""
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "waits_of_teams.sql").write_text(GOOD, encoding="utf-8")
    with pytest.raises(UsageError, match="makes 'waits_of_teams' too"):
        read_models(tmp_path, known=["events"])
    (tmp_path / "other" / "waits_of_teams.sql").unlink()
    with pytest.raises(UsageError, match="nothing makes the table 'events'"):
        read_models(tmp_path)


@pytest.mark.parametrize("table", models())
def test_no_step_is_called_like_a_table(table: str) -> None:
    """Inside a statement a name never means another thing than in the rest of the house."""
    assert not steps(models()[table].body) & models().keys()
