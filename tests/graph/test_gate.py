"""The gate before a graph: what only reads passes, everything else is refused."""

from __future__ import annotations

import pytest

from miner.errors import UsageError
from miner.graph import gate

READS = [
    "MATCH (t:Team) RETURN t.id AS team ORDER BY team",
    "MATCH (t:Team) RETURN t.id AS team;",
    "MATCH (t:Team) WHERE t.id = 'CREATE (n)' RETURN 1 AS one // SET x",
    "MATCH (t:Team) /* DELETE t */ RETURN t.id AS `set`",
    'RETURN "it\'s; LOAD CSV" AS text',
    "MATCH (set:Team) RETURN set.id AS team",
    "MATCH (n:Team) RETURN n.set AS x, n.merge AS y",
    "RETURN {create: 1, load: 2}.create AS one",
    "MATCH (t:Team) CALL (t) { MATCH (t)<-[:BY]-(v:Visit) RETURN count(v) AS n } RETURN n",
    "MATCH (t:Team) CALL { RETURN 1 AS n } RETURN n",
    "CALL db.labels() YIELD label RETURN label",
    "MATCH (a:Team) RETURN a.id AS x UNION MATCH (a:Silo) RETURN a.id AS x",
    "WITH 1 AS show RETURN show.x AS x",
    "MATCH (t:Team) WHERE t.id IN ['a', 'b'] RETURN t.id AS x",
]
REFUSED = [
    "",
    "   // nothing",
    "CREATE (n:Team)",
    "create (n:Team)",
    "MATCH (t:Team) SET t.visits = 0",
    "MATCH (t:Team) SET t += {visits: 0}",
    "MATCH (t:Team)\nDETACH DELETE t",
    "MATCH (t:Team) DELETE t",
    "MATCH (t:Team) NODETACH DELETE t",
    "MATCH (t:Team) REMOVE t.visits",
    "MERGE (t:Team {id: 'x'})",
    "INSERT (t:Team)",
    "UNWIND [1] AS x FOREACH (y IN [1] | CREATE (:Team))",
    "MATCH (t:Team) FOREACH (y IN [1] | SET t.x = 1)",
    "MATCH (t:Team) CALL (t) { SET t.x = 1 } RETURN 1 AS one",
    "MATCH (t:Team) RETURN t.id AS x UNION CREATE (n:Team) RETURN n.id AS x",
    "RETURN 1 AS a; CREATE (n:Team)",
    "RETURN 1 AS a; RETURN 2 AS b",
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "load/**/csv from 'http://localhost/' as line return line",
    "LOAD CSV WITH HEADERS FROM 'https://example.org/x.csv' AS line RETURN line",
    "CREATE INDEX FOR (n:Team) ON (n.visits)",
    "CREATE CONSTRAINT FOR (n:Team) REQUIRE n.id IS UNIQUE",
    "DROP INDEX x",
    "DROP DATABASE neo4j",
    "ALTER USER neo4j SET PASSWORD 'x'",
    "GRANT ROLE admin TO x",
    "DENY ACCESS ON DATABASE neo4j TO x",
    "REVOKE ROLE admin FROM x",
    "RENAME USER a TO b",
    "SHOW INDEXES",
    "SHOW TRANSACTIONS YIELD *",
    "TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
    "EXPLAIN MATCH (t:Team) RETURN t.id AS x",
    "PROFILE MATCH (t:Team) RETURN t.id AS x",
    "CYPHER runtime=slotted MATCH (t:Team) RETURN t.id AS x",
    "USE other MATCH (t:Team) RETURN t.id AS x",
    "FOR VALID_TIME ALL MATCH (t:Team) RETURN t.id AS x",
    "CALL dbms.listConfig()",
    "CALL dbms.killQuery('x')",
    "CALL apoc.load.json('http://localhost/')",
    "CALL apoc.cypher.runFile('x')",
    "CALL db.cdc.enable()",
    "CALL table.upsert({})",
    "CALL `db`.`cdc`.`enable`()",
    "CALL db . index . fulltext . queryNodes('a', 'b')",
    "MATCH (t:Team) RETURN t.id AS x FORMAT CSV",
    "MATCH (t:Team) CALL { CREATE (n:Team) } IN TRANSACTIONS",
    "MATCH (t:Team) CALL { RETURN 1 AS x } IN CONCURRENT TRANSACTIONS RETURN x",
    "MATCH (t:Team) \\u0053ET t.visits = 0",
    "MATCH (t:Team) RETURN 'unfinished",
    "MATCH (t:Team) RETURN `unfinished",
    "MATCH (t:Team) /* unfinished RETURN 1 AS x",
    "MATCH (t:Team RETURN 1 AS x",
    "MATCH (t:Team)) RETURN 1 AS x",
    "MATCH (t:Team] RETURN 1 AS x",
]


@pytest.mark.parametrize("cypher", READS)
def test_a_reading_statement_passes(cypher: str) -> None:
    """Names, texts and comments that look like keywords do no harm."""
    gate.check(cypher)


@pytest.mark.parametrize("cypher", REFUSED)
def test_anything_else_is_refused(cypher: str) -> None:
    """Writes, files, addresses, settings, several statements and half statements are wrong usage."""
    with pytest.raises(UsageError):
        gate.check(cypher)


def test_every_offence_is_named_with_its_line() -> None:
    """All offences come at once."""
    with pytest.raises(UsageError) as caught:
        gate.check("MATCH (t:Team)\nSET t.x = 1\nREMOVE t.y")
    assert [problem.line for problem in caught.value.problems] == [2, 3]
    assert "SET" in caught.value.problems[0].what


@pytest.mark.parametrize("pattern", ["[:DF*]", "[:DF*2..]", "[*]", "[d:DF*1..]", "[:DF* {gap_s: 0.0}]", "[:DF*..]"])
def test_a_path_without_a_largest_length_is_refused(pattern: str) -> None:
    """The embedded engine would stop after ten hops, in subqueries without a word."""
    with pytest.raises(UsageError, match=r"1\.\.N"):
        gate.check_bounded(f"MATCH (a:Event)-{pattern}->(b:Event) RETURN COUNT {{ (a)-[:DF*1..2]->(b) }} AS n")


@pytest.mark.parametrize("text", ["-[:DF*1..5]->", "-[:DF*3]->", "-[:DF*..5]->", "-[:DF {gap_s: 2.0 * 3}]->"])
def test_a_bounded_path_passes(text: str) -> None:
    """A largest length is all that is asked for, and arithmetic is no path."""
    gate.check_bounded(f"MATCH (a:Event){text}(b:Event) RETURN [x IN [1] | x * 2][0] - [3][0] * 2 AS n")
