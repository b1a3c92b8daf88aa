"""The gate before a graph: what only reads passes, everything else is refused."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from miner.errors import UsageError
from miner.graph.cypher import gate
from tests.neo4j.attacks import ATTACKS
from tests.parity.fuzz import question

DOCS = Path(__file__).parents[2] / "docs"

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
    "MATCH (t:Team) RETURN t.id AS load ORDER BY load",
    "WITH 1 AS load, 2 AS `show`, 3 AS create RETURN load + `show` AS set, create",
    "UNWIND [1] AS drop WITH drop WHERE drop > 0 RETURN drop",
    "MATCH p = (a:Team)-[h:HANDS_OFF_TO|IN_SILO*1..2 {handoffs: 1}]->(b)<--(c)--() RETURN length(p) AS n, h, c",
    "MATCH p = shortestPath((a:Team {id: $a})-[:HANDS_OFF_TO*..4]-(b:Team)) RETURN [x IN nodes(p) | x.id] AS ids",
    "MATCH (a:Team)-->(b) WHERE (a)-->(b) AND NOT (b)-[:DF]->(a) AND (a.x - b.x) > -1 RETURN (1)-(2) AS n",
    "MATCH (a) WHERE EXISTS { (a)-->(:Silo) WHERE a.x = 1 } OR COUNT { MATCH (a)-->(b) RETURN b } > 2 RETURN 1 AS n",
    "MATCH (a) WHERE a:Team OR a:Silo&!Agent RETURN a {.id, .*, x: 1} AS m, [(a)-->(b) WHERE b.x > 1 | b.x] AS l",
    "RETURN CASE 1 WHEN 1, 2 THEN 'a' WHEN > 3 THEN 'b' ELSE 'c' END AS x, CASE WHEN true THEN 1 END AS y",
    "RETURN reduce(s = 0, x IN range(1, 3) | s + x) AS s, any(x IN [1] WHERE x = 1) AS a, all(x IN [] WHERE x) AS b",
    "RETURN [1, 2, 3][0..-1] AS a, [1][..1] AS b, $list[1..] AS c, {a: {b: [1]}}.a.b[0] AS d, 0x1F AS e, .5 AS f",
    "RETURN 'a' STARTS WITH 'b' AND 'a' ENDS WITH 'b' OR 'a' CONTAINS 'b' XOR 'a' =~ 'b.*' AS x, 1 IS NOT NULL AS y",
    "RETURN datetime.fromEpochMillis(1) AS a, duration.between(date('2024-01-01'), date()).days AS b",
    "RETURN point.distance($p, $q) AS d",
    "MATCH (a) RETURN DISTINCT a.x AS x ORDER BY x DESC, a.y ASC SKIP 1 LIMIT toInteger(2)",
    "OPTIONAL MATCH (a)-[:R]-(b) WITH *, count(*) AS n, count(DISTINCT a.x) AS m WHERE n > 1 RETURN a.x, b.y, n, m",
    "MATCH (a:Team) USING INDEX a:Team(id) WHERE a.id = 'x' RETURN a.id AS id",
    "MATCH ((a:Visit)-[:HANDOFF]->(b:Visit) WHERE a.x = 1){1,3} RETURN 1 AS n",
    "RETURN 'C:\\\\users' AS x, 'caf\\u00e9' AS y, 'it\\'s' AS z",
    "MATCH (größe:Team) RETURN größe.id AS naïve // \u2028 a comment\u0085 goes on",
    "/*/ CREATE (n:Team {id: 'x'}) // */ RETURN 1 AS n",
    "RETURN trim(BOTH 'x' FROM 'xax') AS x, 1 IS :: INTEGER AS y",
    "CALL { RETURN 1 AS x UNION ALL RETURN 2 AS x } RETURN x",
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
    *(text.replace("{file}", "x").replace("{port}", "1") for text in ATTACKS),
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


def test_every_statement_of_the_docs_passes() -> None:
    """What the docs show as Cypher is let through."""
    pages = [path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md"))]
    texts = [text for page in pages for text in re.findall(r"```cypher\n(.*?)```", page, re.DOTALL)]
    assert len(texts) > 5
    for text in texts:
        for statement in text.split("\n\n") if ";" not in text else text.split(";"):
            if "RETURN" in statement:
                gate.check(statement)


def test_random_questions_pass() -> None:
    """Questions within the portable subset are all let through."""
    for seed in range(300):
        gate.check(question(seed, {})[0])


def test_what_is_sent_has_no_comment() -> None:
    """Engines end comments in different places, so none is sent; lines stay where they were."""
    sent = gate.check("// one\nRETURN /* two\n*/ '// kept' AS x // three\n;")
    assert sent == "      \nRETURN       \n   '// kept' AS x"


@pytest.mark.parametrize(
    ("cypher", "what"),
    [
        (" UNION ".join(["RETURN 1 AS x"] * 20_000), "50,000 characters"),
        ("RETURN [" + ",".join(["1"] * 200_000) + "] AS x", "50,000 characters"),
        (" UNION ".join(["RETURN 1 AS x"] * 60), "UNION"),
        ("RETURN " + "(" * 60 + "1" + ")" * 60 + " AS x", "nested"),
        ("RETURN " + "CASE WHEN true THEN " * 60 + "1" + " END" * 60 + " AS x", "nested"),
        ("CALL { " * 60 + "RETURN 1 AS x" + " } RETURN x" * 60, "nested"),
        ("MATCH (a:" + "(" * 60 + "A" + ")" * 60 + ") RETURN 1 AS x", "nested"),
        ("RETURN " + "[" * 24_000, "closed"),
        ("MATCH (a:A" + "|B" * 20_000 + ") RETRN 1 AS x", "unexpected"),
        ("RETURN " + "- " * 20_000 + "1 AS x,", "early"),
    ],
    ids=["unions", "literals", "some unions", "brackets", "case", "call", "labels", "open", "names", "signs"],
)
def test_too_much_is_refused_at_once(cypher: str, what: str) -> None:
    """Length, nesting and the number of UNIONs have an end, which is said without a wait."""
    began = time.process_time()
    with pytest.raises(UsageError, match=what):
        gate.check(cypher)
    assert time.process_time() - began < 2
