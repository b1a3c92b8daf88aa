"""The gate before a graph: only statements that read pass, whatever the engine itself would allow.

The embedded engine refuses writes in read-only mode, but still opens files for LOAD CSV and
takes several statements at once; a server's READ session lets procedures and SHOW pass.
"""

from __future__ import annotations

from miner.errors import Problem, UsageError
from miner.graph.tokens import Token, is_name, tokens, unbounded

WRITES = frozenset(
    "CREATE MERGE SET DELETE DETACH NODETACH REMOVE DROP FOREACH INSERT LOAD ALTER GRANT DENY REVOKE RENAME".split()
)
COMMANDS = frozenset({"SHOW", "TERMINATE"})
PREFIXES = frozenset({"EXPLAIN", "PROFILE", "CYPHER", "USE", "FOR"})
PROCEDURES = frozenset({"db.labels", "db.relationshiptypes", "db.propertykeys"})


def check(cypher: str) -> None:
    """Raise UsageError, naming all offences with their lines, unless the statement only reads."""
    found = tokens(cypher)
    problems = [] if found else [Problem("there is no statement")]
    if found and found[0].upper in PREFIXES:
        problems.append(Problem(f"a statement may not begin with {found[0].upper}", line=found[0].line))
    for at, token in enumerate(found):
        offence = _offence(found, at)
        if offence:
            problems.append(Problem(offence, line=token.line))
    if problems:
        raise UsageError(problems)


def check_bounded(cypher: str) -> None:
    """Raise UsageError for paths without a largest length, at which the embedded engine stops after ten hops."""
    problems = [
        Problem("a path without a largest length", line=token.line, fix="write *1..N with the length you need")
        for token in unbounded(tokens(cypher))
    ]
    if problems:
        raise UsageError(problems)


def _offence(found: list[Token], at: int) -> str | None:
    token = found[at]
    if token.is_mark(";") and at + 1 < len(found):
        return "one statement at a time: nothing may follow the semicolon"
    if token.is_mark("\\"):
        return "a backslash outside quotes"
    if token.kind != "word" or is_name(found, at):
        return None
    after = found[at + 1].upper if at + 1 < len(found) else ""
    if token.upper in WRITES:
        return f"{token.upper} is refused: the graph is open for reading only"
    if token.upper in COMMANDS and after:
        return f"{token.upper} is refused: only queries are run"
    if token.upper == "FORMAT" and after == "CSV":
        return "FORMAT CSV is refused: choose the form of the output with --format"
    if token.upper == "IN" and after in ("TRANSACTIONS", "CONCURRENT"):
        return "IN TRANSACTIONS is refused: the graph is open for reading only"
    return _procedure(found, at) if token.upper == "CALL" else None


def _procedure(found: list[Token], at: int) -> str | None:
    name = ""
    for token in found[at + 1 :]:
        if token.kind not in ("word", "quoted") and not token.is_mark("."):
            break
        name += token.text.strip("`")
    if not name or name.lower() in PROCEDURES:
        return None
    return f"the procedure {name} is not one of those allowed: {', '.join(sorted(PROCEDURES))}"
