"""What a statement that reads may be made of: clauses, patterns, expressions and functions, and nothing else."""

from miner.graph.cypher.grammar.clauses import parse
from miner.graph.cypher.grammar.cursor import READING
from miner.graph.cypher.grammar.functions import FUNCTIONS, PROCEDURES

__all__ = ["FUNCTIONS", "PROCEDURES", "READING", "parse"]
