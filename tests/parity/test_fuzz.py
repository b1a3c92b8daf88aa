"""Random questions within the portable subset get the same answer from both engines."""

from __future__ import annotations

import os
from pathlib import Path

from miner.graph import EmbeddedGraph
from miner.graph.cypher import portable
from miner.graph.cypher.tokens import tokens
from miner.graph.neo4j import Login
from miner.graph.schema import NODES, RELATIONSHIPS, Node
from tests.graph.made import generated, workspace_of
from tests.parity.comparing import differences
from tests.parity.fuzz import Values, question
from tests.parity.test_library import both

QUESTIONS = int(os.environ.get("MINER_FUZZ", "200"))


def _values(graph: EmbeddedGraph) -> Values:
    """Some values of each property."""
    found: Values = {}
    for part in (*NODES, *RELATIONSHIPS):
        if part.optional:
            continue
        pattern = f"(x:{part.label})" if isinstance(part, Node) else f"()-[x:{part.type}]->()"
        of = part.label if isinstance(part, Node) else part.type
        for name in [*(["id"] if isinstance(part, Node) else []), *(p.name for p in part.properties)]:
            text = f"MATCH {pattern} WHERE x.{name} IS NOT NULL RETURN DISTINCT x.{name} AS v ORDER BY v LIMIT 40"
            found[of, name] = [row[0] for row in graph.run(text).rows][::5]
    return found


def test_random_questions(empty_database: Login, tmp_path: Path) -> None:
    """Two hundred random questions within the subset give the same rows, values and types."""
    workspace = workspace_of(tmp_path / "generated", generated(8, 40), linked=True)
    found: list[str] = []
    answered = 0
    with both(workspace, empty_database) as (server, embedded):
        values = _values(embedded)
        for seed in range(QUESTIONS):
            text, params = question(seed, values)
            assert not portable.offences(tokens(text), f"seed {seed}"), text
            told = differences(f"seed {seed}\n{text}\n", text, params, server, embedded)
            found += told
            answered += bool(embedded.run(text, params).rows)
    assert not found, "\n\n".join(found[:5])
    assert answered > QUESTIONS / 2
