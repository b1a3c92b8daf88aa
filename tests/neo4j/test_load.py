"""Loading: whole, once, only what changed, and nothing of anybody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.errors import UsageError
from miner.graph.neo4j import Login, Neo4jGraph, load, unload
from miner.graph.neo4j.database import Database
from miner.graph.schema import declared
from miner.graph.schema.parts import LEVELS, Node
from miner.workspace import Workspace
from tests.graph.made import workspace_of
from tests.neo4j.checksum import checksum, counts
from tests.neo4j.made import large, log, small

__all__ = ["large"]


def _expected(workspace: Workspace, level: str = "events") -> dict[str, int]:
    """How many nodes of each label and relationships of each type the declaration makes of the tables."""
    from miner.graph.frames import opened, select

    found: dict[str, int] = {}
    with opened(workspace) as engine:
        for part in declared(level):
            name = part.label if isinstance(part, Node) else f"-{part.type}-"
            found[name] = found.get(name, 0) + engine.one(f"SELECT count(*) FROM ({select(part)})")[0]
    return {name: count for name, count in found.items() if count}


def _loaded(login: Login, workspace: str | None = None) -> dict[str, int]:
    return {name: n for name, n in counts(checksum(login, workspace)).items() if name != "LoadBatch"}


@pytest.mark.parametrize("level", LEVELS)
def test_everything_is_there(level: str, empty_database: Login, tmp_path: Path) -> None:
    """Each level of detail has every node and relationship of the declaration, and no more."""
    workspace = small(tmp_path / "small")
    load(workspace, empty_database, detail=level)
    assert _loaded(empty_database) == _expected(workspace, level)
    with Neo4jGraph(empty_database) as graph:
        assert graph.level == level


def test_loading_twice_changes_nothing(empty_database: Login, large: Workspace) -> None:
    """The second load of a workspace writes nothing, even where it has to look at every batch."""
    first = load(large, empty_database)
    assert first.made > 8 and first.events > 3_000
    before = checksum(empty_database)
    assert _loaded(empty_database) == _expected(large)
    assert not load(large, empty_database).changed
    with Database(empty_database) as database:
        database.write("MATCH (w:LoadedWorkspace) SET w.digest = null")
    again = load(large, empty_database)
    assert (again.made, again.removed) == (0, 0) and again.kept >= 2
    assert checksum(empty_database) == before


def test_one_writer_or_many_make_the_same(empty_database: Login, large: Workspace) -> None:
    """The number of writers does not show in the database."""
    found = []
    for writers in (1, 4):
        load(large, empty_database, writers=writers)
        found.append(checksum(empty_database))
        unload(large.path.name, empty_database)
    assert found[0] == found[1]


def test_change_updates_only_what_changed(empty_database: Login, tmp_path: Path) -> None:
    """After new, changed and vanished journeys all is as if loaded anew, and most batches were kept."""
    events = log(12, 1_500)
    one = workspace_of(tmp_path / "one", events)
    first = load(one, empty_database)
    left = [event for event in events if event["journey_id"] != "j5"]
    changed = [{**e, "team": "Changed"} if e["journey_id"] == "j7" else e for e in left]
    extra = [{**e, "journey_id": "new", "interaction_id": "log:new"} for e in events if e["journey_id"] == "j9"]
    two = workspace_of(tmp_path / "one", changed + extra)
    second = load(two, empty_database)
    assert 0 < second.removed <= 5 and second.kept >= first.made - len(declared()) - second.removed
    updated = checksum(empty_database)
    unload("one", empty_database)
    load(two, empty_database)
    assert checksum(empty_database) == updated
    assert _loaded(empty_database) == _expected(two)


def test_other_detail_is_taken_over(empty_database: Login, tmp_path: Path) -> None:
    """Loading with less or more detail leaves exactly that detail."""
    workspace = workspace_of(tmp_path / "small", log(4, 20), linked=True)
    for level in ("events", "visits", "events", "teams", "visits"):
        load(workspace, empty_database, detail=level)
        assert _loaded(empty_database) == _expected(workspace, level), level


def test_agents_come_and_go(empty_database: Login, tmp_path: Path) -> None:
    """Who did each event is there when asked for, and gone when no longer."""
    workspace = small(tmp_path / "small")
    load(workspace, empty_database, agents=True)
    assert _loaded(empty_database)["Agent"] and _loaded(empty_database)["-DONE_BY-"]
    load(workspace, empty_database)
    assert _loaded(empty_database) == _expected(workspace)


def test_workspaces_do_not_touch_each_other(empty_database: Login, tmp_path: Path) -> None:
    """Loading and unloading one workspace leaves another, with the same ids, and foreign nodes as they are."""
    one, two = small(tmp_path / "one"), small(tmp_path / "two", "L1 L2 L3 L1")
    with Database(empty_database) as database:
        database.write("CREATE (:Team {id: 'L1'})-[:HANDS_OFF_TO]->(:Own {id: 1, workspace: 'mine'})")
    alone = checksum(empty_database)
    load(one, empty_database)
    before = checksum(empty_database, "one")
    load(two, empty_database)
    assert checksum(empty_database, "one") == before
    unload("two", empty_database)
    assert checksum(empty_database, "one") == before
    assert unload("one", empty_database) > 0
    assert checksum(empty_database) == alone


def test_same_name_from_another_folder_is_refused(empty_database: Login, tmp_path: Path) -> None:
    """A workspace does not silently take the place of another of the same name."""
    one, two = small(tmp_path / "a" / "same"), small(tmp_path / "b" / "same", "L1 L2")
    load(one, empty_database)
    before = checksum(empty_database)
    with pytest.raises(UsageError, match="another folder"):
        load(two, empty_database)
    assert checksum(empty_database) == before
    load(two, empty_database, name="other")
    load(two, empty_database, replace=True)
    assert _loaded(empty_database, "same") == _expected(two)


def test_a_moved_folder_is_the_same_workspace(empty_database: Login, tmp_path: Path) -> None:
    """A workspace keeps who it is when its folder is moved."""
    load(small(tmp_path / "a" / "same"), empty_database)
    (tmp_path / "a").rename(tmp_path / "b")
    assert not load(Workspace(tmp_path / "b" / "same"), empty_database).changed


def test_unload_of_nothing_names_what_is_there(empty_database: Login, tmp_path: Path) -> None:
    """Unloading what is not there says what is."""
    load(small(tmp_path / "one"), empty_database)
    with pytest.raises(UsageError, match="there are: one"):
        unload("two", empty_database)


def test_hostile_names(empty_database: Login, tmp_path: Path) -> None:
    """Text of a log is only ever text: quotes, brackets, Cypher and controls come out as they went in."""
    nasty = "x'}) DETACH DELETE n //\"`\\ \u2028\x01 \N{PILE OF POO}"
    events = [{**event, "activity": nasty, "team": nasty} for event in log(3, 4)]
    workspace = workspace_of(tmp_path / "it's `here`", events)
    load(workspace, empty_database)
    with Neo4jGraph(empty_database) as graph:
        assert graph.run("MATCH (a:Activity) RETURN a.id AS id").rows == [(nasty,)]
        assert graph.workspace == "it's `here`"
    assert _loaded(empty_database) == _expected(workspace)
