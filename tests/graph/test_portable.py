"""The portable subset: each construct outside it is named with its line and a way to write it instead."""

from __future__ import annotations

import pytest

from miner.graph.cypher import portable
from miner.graph.cypher.tokens import tokens

OUTSIDE = [
    ("MATCH (a:Event)-[:DF*]->(b:Event) RETURN a.id AS a", "*1..N"),
    ("MATCH (a:Event)-[:DF*2..]->(b:Event) RETURN a.id AS a", "*1..N"),
    ("MATCH (a:Event)-[:DF*..3]->(b:Event) RETURN a.id AS a", "*1..N"),
    ("MATCH (a:Event) RETURN EXISTS { (a)-[:DF*]->(:Event) } AS a", "*1..N"),
    ("MATCH (a:Event)-[:DF]->{1,3}(b:Event) RETURN a.id AS a", "*1..N"),
    ("MATCH (a:Event) ((x:Event)-[:DF]->(y:Event)){1,3} (b:Event) RETURN a.id AS a", "*1..N"),
    ("MATCH (a:Event)-[:DF]->+(b:Event) RETURN a.id AS a", "*1..N"),
    ("MATCH (a:Team) RETURN a.name AS a", "another name"),
    ("MATCH (a:Team {title: 'x'}) RETURN a.id AS a", "another name"),
    ("MATCH (a:Team) WHERE a.type = 'x' RETURN a.id AS a", "another name"),
    ("MATCH (a:Team) RETURN a.label AS a", "another name"),
    ("MATCH (a:Team) RETURN a.vists AS a", "property of the schema"),
    ("MATCH (a:Team {vists: 1}) RETURN a.id AS a", "property of the schema"),
    ("MATCH (a:Teams) RETURN a.id AS a", "one of the schema"),
    ("MATCH (a:Team)-[:HANDSOFF]->(b:Team) RETURN a.id AS a", "one of the schema"),
    ("MATCH (a:Team) RETURN a", "a.id AS a"),
    ("MATCH (a:Team) RETURN a AS team", "a.id AS a"),
    ("MATCH (a:Team)-[h:HANDS_OFF_TO]->(b:Team) RETURN h", "h.id AS h"),
    ("MATCH (a:Team) RETURN *", "each column"),
    ("MATCH (a:Team) RETURN keys(a) AS k", "by name"),
    ("MATCH (a:Team) RETURN properties(a) AS k", "by name"),
    ("MATCH (h:Team) RETURN percentileCont(h.visits, 0.5) AS p", "nearest rank"),
    ("MATCH (h:Team) RETURN percentileDisc(h.visits, 0.5) AS p", "nearest rank"),
    ("MATCH (h:Team) RETURN avg(h.visits) AS p", "sum(x)/count(x)"),
    ("MATCH (h:Team) RETURN round(h.visits) AS p", "client"),
    ("MATCH (h:Team) RETURN toString(h.visits) AS p", "number itself"),
    ("RETURN datetime() AS d", "_ms integers"),
    ("RETURN date('2026-01-01') AS d", "_ms integers"),
    ("RETURN duration.between(1, 2) AS d", "_ms integers"),
    ("RETURN timestamp() AS d", "parameter"),
    ("RETURN isEmpty([]) AS d", "size(x) = 0"),
    ("RETURN apoc.text.join([], '') AS d", "plain Cypher"),
    ("RETURN 1 / 0.0 AS d", "CASE"),
    ("MATCH (a:Team) RETURN COLLECT { MATCH (a)<-[:BY]-(v:Visit) RETURN v.id } AS d", "collect() in a CALL"),
    ("MATCH (a:Team WHERE a.visits > 1) RETURN a.id AS a", "WHERE after the MATCH"),
    ("MATCH (a:Team)-[h:HANDS_OFF_TO WHERE h.handoffs > 1]->(b:Team) RETURN a.id AS a", "WHERE after the MATCH"),
    ("MATCH (a:Team) USING INDEX a:Team(id) WHERE a.id = 'x' RETURN a.id AS a", "header"),
    ("CALL db.labels() YIELD label RETURN label", "plain Cypher"),
    ("CREATE (a:Team) RETURN a.id AS a", "only reads"),
    ("MATCH (a:Visit)-[:BY]->(s:Team), (a)-[:HANDOFF]->(b:Visit) RETURN b.id AS b", "one path"),
    ("MATCH (a:Team) WITH a.visits AS all RETURN max(all) AS n", "another name"),
    ("MATCH (ends:Team) RETURN ends.id AS team", "another name"),
    ("MATCH (a:Team) RETURN a.id AS starts", "another name"),
    (
        "MATCH (j:Journey) OPTIONAL MATCH (j)<-[:IN_JOURNEY]-(v:Visit) OPTIONAL MATCH (v)-[:BY]->(t:Team) "
        "RETURN t.id AS t",
        "whole path",
    ),
]
INSIDE = [
    "MATCH (e:Event) OPTIONAL MATCH (e)-[:IN_VISIT]->(v:Visit) OPTIONAL MATCH (p:Event)-[:DF]->(e) RETURN p.id AS p",
    "MATCH (j:Journey) OPTIONAL MATCH (j)<-[:IN_JOURNEY]-(v:Visit)-[:BY]->(t:Team) RETURN t.id AS t",
    "MATCH (a:Team) WHERE all(x IN [1] WHERE x > 0) AND a.id ENDS WITH 'x' RETURN a.id AS a",
    "MATCH (a:Event)-[:DF*1..5]->(b:Event) RETURN a.id AS a",
    "MATCH p = shortestPath((a:Event)-[:DF*1..5]->(b:Event)) RETURN length(p) AS n, [x IN nodes(p) | x.id] AS ids",
    "MATCH (a:Team), (b:Silo) RETURN a.id AS a, b.id AS b",
    "MATCH (a:Team|Silo) RETURN a.id AS a",
    "MATCH (a:Team)-[h:HANDS_OFF_TO|IN_SILO]->(b) RETURN a.id AS a",
    "MATCH (a:Visit {is_return: true}) WHERE EXISTS { (a)-[:HANDOFF]->(:Visit) } RETURN a.id AS a",
    "MATCH (a:Visit) RETURN COUNT { (a)-[:BY]->(:Team) } AS n",
    "MATCH (a:Team) WITH {total: a.visits, name: a.id} AS m RETURN m.total AS t",
    "MATCH (a:Team) WITH collect(a.visits) AS l WHERE size(l) > 0 RETURN l[(95 * size(l) + 99) / 100 - 1] AS p",
    "MATCH (a:Team) CALL (a) { MATCH (a)<-[:BY]-(v:Visit) WHERE v.events > 1 RETURN count(v) AS n } RETURN n",
    "MATCH (a:Team) RETURN CASE WHEN a.visits > 0 THEN 1.0 * a.events / a.visits ELSE null END AS x",
    "UNWIND [1, 2] AS x WITH x WHERE x > 1 RETURN reduce(s = 0, y IN [x] | s + y) AS s",
    "MATCH (a:Team) WHERE a.id =~ 'L.*' OR (a.visits > 1 AND NOT (a.events) = 2) RETURN a { .id, .visits } AS m",
    "MATCH (a:Team) RETURN a.visits + (a.events) + 1 AS n ORDER BY n SKIP 1 LIMIT 2",
    "MATCH (a:Team) RETURN a.id AS x UNION ALL MATCH (b:Silo) RETURN b.id AS x",
]


@pytest.mark.parametrize(("cypher", "instead"), OUTSIDE)
def test_a_construct_outside_the_subset_is_named(cypher: str, instead: str) -> None:
    """The rule says what to write instead."""
    found = portable.offences(tokens(cypher))
    assert any(instead in (problem.fix or "") for problem in found), [str(p) for p in found]


@pytest.mark.parametrize("cypher", INSIDE)
def test_the_portable_subset_passes(cypher: str) -> None:
    """Nothing that means the same on both engines is refused."""
    assert portable.offences(tokens(cypher)) == []


def test_the_line_of_an_offence_is_named() -> None:
    """Lines count from the file's first."""
    (problem,) = portable.offences(
        tokens("MATCH (t:Team)\nWITH t\nRETURN avg(t.visits) AS a"), "x.cypher", lines_before=5
    )
    assert (problem.file, problem.line) == ("x.cypher", 8)
