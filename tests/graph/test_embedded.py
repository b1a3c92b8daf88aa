"""The embedded graph: it holds what the tables hold, answers safely, and is never half there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from miner.errors import UsageError
from miner.graph import EmbeddedGraph, ask_library, build, queries
from miner.graph.frames import opened, select
from miner.graph.schema import NODES, declared
from miner.graph.schema.parts import Node
from miner.workspace import Workspace
from tests.drawings import draw
from tests.graph.made import drawn, generated, workspace_of

HOSTILE = ["a'b", 'a"b', "a`b", "a\\b", "$x", "} RETURN 1 //", "Ünï, «x»", "<script>", "4711", "null", "x" * 300, "🙂"]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, EmbeddedGraph]:
    """A generated log of linked interactions and its graph."""
    workspace = workspace_of(tmp_path_factory.mktemp("graph") / "w", generated(3, 100), linked=True)
    build(workspace, agents=True)
    return workspace, EmbeddedGraph.open(workspace)


@pytest.mark.parametrize("part", declared(agents=True), ids=lambda part: part.name)
def test_every_row_and_property_of_the_declaration_is_in_the_graph(part, graph) -> None:  # type: ignore[no-untyped-def]
    """Values come back with their types: integers as integers, unknown as null."""
    workspace, asked = graph
    with opened(workspace) as engine:
        cursor = engine.run(select(part))
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchall()
    ends = {"id": "n.id", "src": "a.id", "dst": "b.id"}
    columns = ", ".join(f"{ends.get(name, f'n.{name}')} AS `{name}`" for name in names)
    pattern = f"(n:{part.label})" if isinstance(part, Node) else f"(a:{part.start})-[n:{part.type}]->(b:{part.end})"
    found = asked.run(f"MATCH {pattern} RETURN {columns}", limit=None)
    assert sorted(map(repr, found.rows)) == sorted(map(repr, rows))
    assert rows


# ruff: noqa: E501 - a clause of Cypher stays in one line
RECOMPUTED = {
    "team pairs": (
        "MATCH (a:Team)-[h:HANDS_OFF_TO]->(b:Team) RETURN a.id AS a, b.id AS b, h.handoffs AS n, h.journeys AS j, "
        "h.wait_s_total AS total, h.wait_s_median AS median, h.wait_s_p95 AS p95, h.returns AS returns ORDER BY a, b",
        "MATCH (s:Team)<-[:BY]-(v:Visit)-[h:HANDOFF]->(w:Visit)-[:BY]->(t:Team) "
        "WITH s.id AS a, t.id AS b, h.own_wait_s AS wait, w.journey AS journey, w.is_return AS back ORDER BY wait "
        "WITH a, b, count(*) AS n, count(DISTINCT journey) AS j, sum(wait) AS total, collect(wait) AS l, "
        "sum(CASE WHEN back THEN 1 ELSE 0 END) AS returns "
        "RETURN a, b, n, j, total, l[(50*size(l)+99)/100-1] AS median, l[(95*size(l)+99)/100-1] AS p95, returns ORDER BY a, b",
    ),
    "silo pairs": (
        "MATCH (a:Silo)-[h:HANDS_OFF_TO]->(b:Silo) RETURN a.id AS a, b.id AS b, h.handoffs AS n, h.journeys AS j, "
        "h.wait_s_total AS total, h.wait_s_median AS median, h.wait_s_p95 AS p95, h.returns AS returns ORDER BY a, b",
        "MATCH (v:Visit)-[h:HANDOFF]->(w:Visit) WHERE h.crosses_silo "
        "WITH v.silo AS a, w.silo AS b, h.own_wait_s AS wait, w.journey AS journey, w.is_return AS back ORDER BY wait "
        "WITH a, b, count(*) AS n, count(DISTINCT journey) AS j, sum(wait) AS total, collect(wait) AS l, "
        "sum(CASE WHEN back THEN 1 ELSE 0 END) AS returns "
        "RETURN a, b, n, j, total, l[(50*size(l)+99)/100-1] AS median, l[(95*size(l)+99)/100-1] AS p95, returns ORDER BY a, b",
    ),
    "waits before teams": (
        "MATCH (t:Team) WHERE t.handoffs_in > 0 RETURN t.id AS t, t.handoffs_in AS n, t.returns_in AS r, "
        "t.wait_s_total AS total, t.wait_s_median AS median, t.wait_s_p95 AS p95 ORDER BY t",
        "MATCH (:Visit)-[h:HANDOFF]->(v:Visit)-[:BY]->(t:Team) WITH t.id AS t, h.own_wait_s AS wait, v.is_return AS back ORDER BY wait "
        "WITH t, count(*) AS n, sum(CASE WHEN back THEN 1 ELSE 0 END) AS r, sum(wait) AS total, collect(wait) AS l "
        "RETURN t, n, r, total, l[(50*size(l)+99)/100-1] AS median, l[(95*size(l)+99)/100-1] AS p95 ORDER BY t",
    ),
    "what others took meanwhile": (
        "MATCH (t:Team) WHERE t.handoffs_in > 0 RETURN t.id AS t, t.customer_wait_s_total AS c, t.between_s_total AS b ORDER BY t",
        "MATCH (:Visit)-[h:HANDOFF]->(v:Visit) RETURN v.team AS t, sum(h.customer_wait_s) AS c, sum(h.between_s) AS b ORDER BY t",
    ),
    "teams": (
        "MATCH (t:Team) RETURN t.id AS t, t.visits AS v, t.journeys AS j, t.events AS e, t.handoffs_out AS o ORDER BY t",
        "MATCH (v:Visit)-[:BY]->(t:Team) OPTIONAL MATCH (v)-[h:HANDOFF]->(:Visit) "
        "RETURN t.id AS t, count(v) AS v, count(DISTINCT v.journey) AS j, sum(v.events) AS e, count(h) AS o ORDER BY t",
    ),
    "events of visits": (
        "MATCH (v:Visit) RETURN v.id AS v, v.events AS n ORDER BY v",
        "MATCH (e:Event)-[:IN_VISIT]->(v:Visit) RETURN v.id AS v, count(e) AS n ORDER BY v",
    ),
    "silos": (
        "MATCH (s:Silo) RETURN s.id AS s, s.visits AS v, s.journeys AS j, s.teams AS t ORDER BY s",
        "MATCH (v:Visit) WHERE v.silo IS NOT NULL RETURN v.silo AS s, count(*) AS v, count(DISTINCT v.journey) AS j, "
        "count(DISTINCT v.team) AS t ORDER BY s",
    ),
    "activities": (
        "MATCH (a:Activity) RETURN a.id AS a, a.events AS n ORDER BY a",
        "MATCH (e:Event) WHERE e.activity IS NOT NULL RETURN e.activity AS a, count(*) AS n ORDER BY a",
    ),
    "transitions": (
        "MATCH (a:Activity)-[d:DF_C]->(b:Activity) RETURN a.id AS a, b.id AS b, d.count AS n, d.total_s AS total, "
        "d.median_s AS median, d.p95_s AS p95, d.own_wait_s_total AS own ORDER BY a, b",
        "MATCH (e:Event)-[d:DF]->(f:Event) WHERE e.activity IS NOT NULL AND f.activity IS NOT NULL "
        "WITH e.activity AS a, f.activity AS b, d.gap_s AS gap, d.own_wait_s AS own ORDER BY gap "
        "WITH a, b, count(*) AS n, sum(gap) AS total, collect(gap) AS l, sum(own) AS own "
        "RETURN a, b, n, total, l[(50*size(l)+99)/100-1] AS median, l[(95*size(l)+99)/100-1] AS p95, own ORDER BY a, b",
    ),
    "journeys": (
        "MATCH (j:Journey) RETURN j.id AS j, j.handoffs AS h, j.returns AS r ORDER BY j",
        "MATCH (j:Journey) CALL (j) { MATCH (j)<-[:IN_JOURNEY]-(v:Visit) OPTIONAL MATCH (v)-[h:HANDOFF]->(:Visit) "
        "OPTIONAL MATCH (v)-[r:RETURNS_TO]->(:Visit) RETURN count(DISTINCT h) AS h, count(DISTINCT r) AS r } "
        "RETURN j.id AS j, h, r ORDER BY j",
    ),
    "events and interactions of journeys": (
        "MATCH (j:Journey) RETURN j.id AS j, j.events AS e, j.interactions AS i, j.started_ms AS s, j.ended_ms AS t ORDER BY j",
        "MATCH (j:Journey)<-[:PART_OF]-(i:Interaction)<-[:OF]-(e:Event) RETURN j.id AS j, count(e) AS e, "
        "count(DISTINCT i.id) AS i, min(e.started_ms) AS s, max(e.ended_ms) AS t ORDER BY j",
    ),
    "team and journey of visits": (
        "MATCH (v:Visit) RETURN v.id AS v, v.team AS t, v.journey AS j ORDER BY v",
        "MATCH (t:Team)<-[:BY]-(v:Visit)-[:IN_JOURNEY]->(j:Journey) RETURN v.id AS v, t.id AS t, j.id AS j ORDER BY v",
    ),
    "silo paths of journeys": (
        "MATCH (j:Journey) WHERE j.silo_path IS NOT NULL RETURN j.id AS j, j.silo_path AS p ORDER BY j",
        "MATCH (j:Journey)<-[:IN_JOURNEY]-(v:Visit) WHERE v.silo IS NOT NULL WITH j, v ORDER BY v.position "
        "WITH j, collect(v.silo) AS l "
        "RETURN j.id AS j, [at IN range(0, size(l) - 1) WHERE at = 0 OR l[at - 1] <> l[at] | l[at]] AS p ORDER BY j",
    ),
    "silo paths": (
        "MATCH (p:SiloPath) RETURN p.path AS p, p.journeys AS n, p.elapsed_s_total AS t, p.elapsed_s_median AS m, "
        "p.elapsed_s_p95 AS q ORDER BY p.id",
        "MATCH (p:SiloPath)<-[:TOOK]-(j:Journey) WITH p, j.elapsed_s AS e ORDER BY e WITH p, collect(e) AS l, sum(e) AS t "
        "RETURN p.path AS p, size(l) AS n, t, l[(50*size(l)+99)/100-1] AS m, l[(95*size(l)+99)/100-1] AS q ORDER BY p.id",
    ),
    "ways through silos": (
        "MATCH (p:SiloPath)<-[:TOOK]-(j:Journey) RETURN j.id AS j, p.path AS p ORDER BY j, p",
        "MATCH (j:Journey) WHERE size(j.silo_path) > 1 UNWIND [2, 3, 4] AS n UNWIND range(0, size(j.silo_path) - n) AS at "
        "RETURN DISTINCT j.id AS j, j.silo_path[at..at + n] AS p ORDER BY j, p",
    ),
    "visits of teams in silos": (
        "MATCH (t:Team)-[s:IN_SILO]->(o:Silo) RETURN t.id AS t, o.id AS s, s.visits AS n ORDER BY t, s",
        "MATCH (v:Visit)-[:BY]->(t:Team) WHERE v.silo IS NOT NULL RETURN t.id AS t, v.silo AS s, count(*) AS n ORDER BY t, s",
    ),
}


@pytest.mark.parametrize("name", RECOMPUTED)
def test_every_stored_aggregate_is_what_the_detail_gives(name: str, graph: tuple[Workspace, EmbeddedGraph]) -> None:
    """Cypher over the detail gives the same rows as the stored numbers."""
    stored, detail = (graph[1].run(cypher, limit=None) for cypher in RECOMPUTED[name])
    assert stored.columns == detail.columns
    assert len(stored) == len(detail) > 0
    for row, wanted in zip(stored.rows, detail.rows, strict=True):
        assert list(row) == [pytest.approx(value) if isinstance(value, float) else value for value in wanted]


def test_returns_point_to_the_latest_earlier_visit_of_the_same_team(graph: tuple[Workspace, EmbeddedGraph]) -> None:
    """hops is the distance and order the number of other teams in between, plus one."""
    wrong = graph[1].run(
        "MATCH (b:Visit)-[r:RETURNS_TO]->(a:Visit) MATCH (b)-[:IN_JOURNEY]->(j:Journey) MATCH (j)<-[:IN_JOURNEY]-(v:Visit) "
        "WHERE v.position > a.position AND v.position < b.position "
        "WITH a, b, r, count(DISTINCT v.team) AS others, sum(CASE WHEN v.team = a.team THEN 1 ELSE 0 END) AS same "
        "WHERE a.team <> b.team OR same > 0 OR r.hops <> b.position - a.position OR r.order <> others + 1 RETURN a.id AS a"
    )
    assert wrong.rows == []


@pytest.mark.parametrize("level", ["teams", "visits", "events"])
def test_a_level_of_detail_holds_its_labels_and_no_more(level: str, tmp_path: Path) -> None:
    """The graph knows its level, and a query that needs more says so."""
    workspace = drawn(tmp_path / "w", "L1#A L2#B L1#A", "L2#B L3#A", level=level)
    with EmbeddedGraph.open(workspace) as asked:
        assert asked.level == level
        for query in queries().values():
            given = {p.name: [] if p.type == "list" else "x" for p in query.header.params if p.required}
            if ("teams", "visits", "events").index(query.level) <= ("teams", "visits", "events").index(level):
                assert ask_library(asked, query, given).notes == []
            else:
                with pytest.raises(UsageError, match=f"--detail {query.level}"):
                    ask_library(asked, query, given)


@pytest.mark.parametrize("drawing", ["system rule", "L1", "L1 L2 L1"], ids=["no owner", "one event", "no silo"])
def test_the_library_answers_on_logs_that_lack_something(drawing: str, tmp_path: Path) -> None:
    """No query fails, or remarks on missing labels, where a log has no owners, handoffs or silos."""
    with EmbeddedGraph.open(drawn(tmp_path / "w", drawing)) as asked:
        for query in queries().values():
            given = {p.name: ["x"] if p.type == "list" else "x" for p in query.header.params if p.required}
            assert ask_library(asked, query, given).notes == [], query.name


def test_a_log_without_events_makes_an_empty_graph(tmp_path: Path) -> None:
    """All labels are there and hold nothing."""
    workspace = workspace_of(tmp_path / "w", [])
    build(workspace)
    with EmbeddedGraph.open(workspace) as asked:
        for node in NODES:
            if not node.optional:
                assert asked.run(f"MATCH (n:{node.label}) RETURN count(*) AS n").rows == [(node.label == "Run",)]


def test_hostile_names_stay_data(tmp_path: Path) -> None:
    """Team names with quotes, braces and digits come back as they were, and can be asked for."""
    events = draw(" ".join(f"T{n}" for n in range(len(HOSTILE))))
    for event, name in zip(events, HOSTILE, strict=True):
        event.update(team=name, activity=name, silo=name)
    workspace = workspace_of(tmp_path / "w", events)
    build(workspace)
    with EmbeddedGraph.open(workspace) as asked:
        assert sorted(row[0] for row in asked.run("MATCH (t:Team) RETURN t.id AS t").rows) == sorted(HOSTILE)
        for name in HOSTILE:
            assert [r["team"] for r in ask_library(asked, "overview/teams", {"team": name}).records()] == [name]


def test_a_limit_cuts_and_says_so(graph: tuple[Workspace, EmbeddedGraph]) -> None:
    """The first rows are kept, and none are lost without a word."""
    whole = graph[1].run("MATCH (v:Visit) RETURN v.id AS v ORDER BY v")
    cut = graph[1].run("MATCH (v:Visit) RETURN v.id AS v ORDER BY v", limit=3)
    assert (cut.rows, cut.truncated, whole.truncated, cut.notes) == (whole.rows[:3], True, False, [])


def test_a_long_query_is_stopped(graph: tuple[Workspace, EmbeddedGraph]) -> None:
    """After the timeout the message says how to allow more."""
    with pytest.raises(UsageError, match="--timeout"):
        graph[1].run(
            "MATCH (a:Event), (b:Event), (c:Event) WHERE a.seq + b.seq + c.seq = 1000 RETURN count(*) AS n",
            timeout=0.05,
        )


@pytest.mark.parametrize(
    ("cypher", "what"),
    [
        ("MATCH (t:Team) SET t.visits = 0 RETURN 1 AS n", "SET is refused"),
        ("LOAD CSV FROM 'file:///etc/hostname' AS l RETURN l", "LOAD is refused"),
        ("MATCH (a:Event)-[:DF*]->(b:Event) RETURN count(*) AS n", r"1\.\.N"),
        ("MATCH (t:Team) RETRN t.id AS n", "unexpected"),
        ("RETURN $missing AS n", "missing"),
    ],
)
def test_a_wrong_statement_is_wrong_usage(cypher: str, what: str, graph: tuple[Workspace, EmbeddedGraph]) -> None:
    """Errors of the engine come as ours."""
    with pytest.raises(UsageError, match=what):
        graph[1].run(cypher)


def test_an_unknown_label_is_remarked_on(graph: tuple[Workspace, EmbeddedGraph]) -> None:
    """No rows and a note that names the slip."""
    rows = graph[1].run("MATCH (t:Teem) RETURN t.id AS t")
    assert rows.rows == []
    assert "Teem" in rows.notes[0]


def test_several_threads_may_ask_at_once(graph: tuple[Workspace, EmbeddedGraph]) -> None:
    """The same question gives the same rows in every thread."""
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: ask_library(graph[1], "loops/team_loops").rows, range(12)))
    assert all(rows == found[0] for rows in found)


def test_building_again_gives_the_same_graph(tmp_path: Path) -> None:
    """A second load replaces the first and adds nothing."""
    workspace = drawn(tmp_path / "w", "L1 L2 L1")
    build(workspace)
    with EmbeddedGraph.open(workspace) as asked:
        assert asked.run("MATCH (v:Visit)-[h:HANDOFF]->(:Visit) RETURN count(h) AS n").rows == [(2,)]
    assert [path.name for path in workspace.graph_path.parent.iterdir()] == ["graph.kgl"]


def test_a_failed_build_leaves_the_old_graph(tmp_path: Path) -> None:
    """Nothing is half written."""
    workspace = drawn(tmp_path / "w", "L1 L2 L1")
    before = workspace.graph_path.read_bytes()
    workspace.table_path("visits").unlink()
    with pytest.raises(UsageError, match="visits"):
        build(workspace)
    assert workspace.graph_path.read_bytes() == before


def test_a_missing_or_broken_graph_is_said(tmp_path: Path) -> None:
    """The message says how to make one."""
    workspace = Workspace(tmp_path)
    with pytest.raises(UsageError, match="no graph"):
        EmbeddedGraph.open(workspace)
    workspace.graph_path.parent.mkdir()
    workspace.graph_path.write_bytes(b"nothing of the kind")
    with pytest.raises(UsageError, match="cannot be opened"):
        EmbeddedGraph.open(workspace)


def test_an_unknown_level_is_wrong_usage(tmp_path: Path) -> None:
    """The levels there are come with the message."""
    with pytest.raises(UsageError, match="teams, visits, events"):
        build(Workspace(tmp_path), "everything")


def test_the_settings_of_this_process_are_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's policy of warnings is for the whole process, so it is nobody's to set here."""
    import kglite

    monkeypatch.setattr(kglite, "set_query_warning_policy", lambda _: pytest.fail("set for the whole process"))
    with EmbeddedGraph.open(drawn(tmp_path / "w", "L1 L2")) as asked:
        assert asked.run("MATCH (t:Teem) RETURN t.id AS t").notes
