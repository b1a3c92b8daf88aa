"""The gate before a graph: only statements that are known to read pass, whatever the engine itself would allow.

A statement has to be one of the grammar (`miner.graph.cypher.grammar`); words that write or load are looked for
only to name them in the message. The engines get it without its comments, which not all of them end alike.
"""

from __future__ import annotations

from miner.errors import Problem, UsageError
from miner.graph.cypher.grammar import READING, parse
from miner.graph.cypher.tokens import Token, is_name, tokens, unbounded, without_comments

# Characters of a statement. More is data, and data is given as a parameter.
LENGTH = 50_000
_WRITES = frozenset(
    "CREATE MERGE SET DELETE DETACH NODETACH REMOVE DROP FOREACH INSERT LOAD ALTER GRANT DENY REVOKE RENAME".split()
)
_COMMANDS = frozenset({"SHOW", "TERMINATE"})
_PREFIXES = frozenset({"EXPLAIN", "PROFILE", "CYPHER", "USE", "FOR"})
_BEGIN = "begin with MATCH, OPTIONAL MATCH, UNWIND, WITH, CALL or RETURN"


def check(cypher: str) -> str:
    """The statement as it may be sent; UsageError, naming all offences with their lines, unless it only reads."""
    if len(cypher) > LENGTH:
        raise UsageError(
            f"the statement has more than the {LENGTH:,} characters that are allowed", fix="give data as parameters"
        )
    statement = tokens(cypher)
    if not statement:
        raise UsageError("the statement is empty", fix="write a query, for example: MATCH (t:Team) RETURN t.id AS team")
    if statement[0].upper in _PREFIXES:
        raise UsageError(
            Problem(f"a statement may not begin with {statement[0].upper}", line=statement[0].line, fix=_BEGIN)
        )
    try:
        parse(statement)
    except UsageError as error:
        offences = [
            Problem(offence[0], line=statement[at].line, fix=offence[1])
            for at in range(len(statement))
            if (offence := _offence(statement, at))
        ]
        raise UsageError(offences or error.problems) from None
    return without_comments(cypher).rstrip().removesuffix(";").rstrip()


def check_bounded(cypher: str) -> None:
    """Raise UsageError for paths without a largest length, at which the embedded engine stops after ten hops."""
    problems = [
        Problem("a path without a maximum length", line=token.line, fix="give a maximum length: *1..N")
        for token in unbounded(tokens(cypher))
    ]
    if problems:
        raise UsageError(problems)


def _offence(statement: list[Token], at: int) -> tuple[str, str] | None:
    """What is refused about a word of a statement that is outside the grammar, and what to do instead."""
    token = statement[at]
    if token.kind != "word" or is_name(statement, at):
        return None
    after = statement[at + 1].upper if at + 1 < len(statement) else ""
    if token.upper in _WRITES:
        return f"{token.upper} is refused: the graph is open for reading only", READING
    if token.upper in _COMMANDS and after:
        return f"{token.upper} is refused: only queries are run", READING
    if token.upper == "FORMAT" and after == "CSV":
        return "FORMAT CSV is refused: it belongs to other commands", "choose the output format with --format csv"
    if token.upper == "IN" and after in ("TRANSACTIONS", "CONCURRENT"):
        return "IN TRANSACTIONS is refused: the graph is open for reading only", READING
    return None
