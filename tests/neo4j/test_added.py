"""What users added to the graph stays when the workspace is loaded again; where a node goes, it is said before."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.errors import MinerError
from miner.graph.neo4j import Login, load, unload
from miner.graph.neo4j.database import Database
from miner.workspace import Workspace
from tests.graph.made import Event, workspace_of
from tests.neo4j.checksum import checksum
from tests.neo4j.made import log

# One of each on nodes and relationships of j7, which will change, and of j8, which stands in the same batch.
_ADDED = """
MATCH (j:Journey) WHERE j.id IN ['log:j7', 'log:j8'] SET j.reviewed = true, j:Reviewed
CREATE (j)<-[:ABOUT {since: 1}]-(:Note {id: j.id})
WITH j MATCH (j)<-[:IN_JOURNEY]-(v:Visit) SET v.seen = 1, v:Seen CREATE (v)-[:SIMILAR]->(v)
WITH j MATCH (j)<-[:PART_OF]-(i:Interaction)<-[:OF]-(e:Event) SET i.seen = 1, e.seen = 1
"""
_HANDOFFS = """MATCH (j:Journey)<-[:IN_JOURNEY]-(:Visit)-[h:HANDOFF]->(v:Visit) WHERE j.id IN ['log:j7', 'log:j8']
SET h.why = 'known'"""
_LEFT = """
CALL () { MATCH (n) WHERE n:Reviewed OR n:Seen OR n.seen = 1 OR n:Note
          RETURN 'node' AS what, labels(n) AS kind, n.id AS id, coalesce(n.reviewed, n.seen) AS value
          UNION ALL MATCH (a)-[r:ABOUT|SIMILAR]->(b)
          RETURN type(r) AS what, labels(a) AS kind, b.id AS id, r.since AS value
          UNION ALL MATCH (a:Visit)-[h:HANDOFF]->(b) WHERE h.why = 'known'
          RETURN 'HANDOFF' AS what, labels(a) AS kind, b.id AS id, h.why AS value }
RETURN what, kind, id, value ORDER BY what, kind, id"""
_CLEAN = (
    "MATCH (n) WHERE n:Note DETACH DELETE n",
    "MATCH ()-[r:SIMILAR]->() DELETE r",
    "MATCH (n) REMOVE n:Reviewed, n:Seen, n.reviewed, n.seen",
    "MATCH ()-[h:HANDOFF]->() REMOVE h.why",
)


def _left(login: Login) -> list[object]:
    with Database(login) as database:
        return [row.data() for row in database.read(_LEFT)]


def _write(login: Login, *statements: str) -> None:
    with Database(login) as database:
        for statement in statements:
            database.write(statement)


def _changed(events: list[Event]) -> list[Event]:
    """Another outcome and intent for j7, one team under another name; its visits stay as many."""
    return [
        {**e, "outcome": "lost", "team": "Other" if e["team"] == "L1" else e["team"]} if e["journey_id"] == "j7" else e
        for e in events
    ]


def _made_anew(workspace: Workspace, login: Login) -> object:
    found = checksum(login)
    unload(workspace.path.name, login)
    load(workspace, login)
    return found, checksum(login)


def test_a_reload_keeps_what_users_added(empty_database: Login, tmp_path: Path) -> None:
    """Relationships, properties, labels and nodes on a journey that changed, and on its neighbours, are still there."""
    events = log(12, 60)
    one = workspace_of(tmp_path / "one", events)
    load(one, empty_database)
    _write(empty_database, _ADDED, _HANDOFFS)
    before = _left(empty_database)
    assert len(before) > 10
    said: list[str] = []
    done = load(workspace_of(tmp_path / "one", _changed(events)), empty_database, say=said.append)
    assert done.removed and not said
    assert _left(empty_database) == before
    _write(empty_database, *_CLEAN)
    updated, anew = _made_anew(one, empty_database)  # type: ignore[misc]
    assert updated == anew


@pytest.mark.parametrize("level", ["visits", "events"])
def test_another_detail_keeps_what_users_added(level: str, empty_database: Login, tmp_path: Path) -> None:
    """Loading with more or less detail leaves what hangs on the nodes that both have."""
    one = workspace_of(tmp_path / "one", log(12, 30))
    load(one, empty_database, detail="events" if level == "visits" else "visits")
    _write(empty_database, "MATCH (v:Visit) SET v:Seen CREATE (v)<-[:ABOUT]-(:Note {id: v.id})")
    before = _left(empty_database)
    load(one, empty_database, detail=level)
    assert _left(empty_database) == before


def test_what_goes_with_a_node_is_said_before(empty_database: Login, tmp_path: Path) -> None:
    """A journey that is gone takes along what hung on it: how many, of which types, said while it is still there."""
    events = log(12, 60)
    load(workspace_of(tmp_path / "one", events), empty_database)
    _write(empty_database, _ADDED)
    fewer = workspace_of(tmp_path / "one", [e for e in events if e["journey_id"] != "j7"])
    said: list[str] = []

    def say(text: str) -> None:
        with Database(empty_database) as database:
            assert database.read("MATCH (:Note {id: 'log:j7'})-[r:ABOUT]->(:Journey) RETURN count(r) AS n")[0]["n"] == 1
        said.append(text)

    load(fewer, empty_database, say=say)
    about = next(text for text in said if text.startswith("1 Journey node "))
    assert "1 relationship ([:ABOUT] with (:Note) × 1)" in about
    assert "1 property (reviewed × 1)" in about and "1 label (Reviewed × 1)" in about
    with Database(empty_database) as database:
        notes = database.read("MATCH (n:Note) RETURN n.id AS id, COUNT { (n)--() } AS around ORDER BY id")
    assert [(row["id"], row["around"]) for row in notes] == [("log:j7", 0), ("log:j8", 1)]


def test_unload_says_what_goes_with_it(empty_database: Login, tmp_path: Path) -> None:
    """Users' relationships to the nodes of a workspace are counted before it is unloaded; none, nothing is said."""
    load(workspace_of(tmp_path / "one", log(12, 10)), empty_database)
    said: list[str] = []
    _write(empty_database, "MATCH (t:Team) WITH t ORDER BY t.id LIMIT 2 CREATE (t)-[:RUN_BY]->(:Manager {id: t.id})")
    unload("one", empty_database, say=said.append)
    assert len(said) == 1 and "2 relationships ([:RUN_BY] with (:Manager) × 2)" in said[0]
    load(workspace_of(tmp_path / "one", log(12, 10)), empty_database)
    unload("one", empty_database, say=said.append)
    assert len(said) == 1


def test_stopped_between_old_and_new_is_never_taken_for_whole(
    empty_database: Login, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half changed, then set back to what it was: the load sees that nothing is as it was, and makes it whole."""
    events = log(12, 60)
    one = workspace_of(tmp_path / "one", events)
    load(one, empty_database)
    before = checksum(empty_database)
    other = workspace_of(tmp_path / "one", _changed(events))
    with monkeypatch.context() as patch:
        patch.setattr("miner.graph.neo4j.steps.Steps._remove_left", _stop)
        with pytest.raises(MinerError, match="stopped"):
            load(other, empty_database)
    assert checksum(empty_database) != before
    load(workspace_of(tmp_path / "one", events), empty_database)
    assert checksum(empty_database) == before


def _stop(_: object) -> None:
    raise MinerError("stopped")
