"""The server's own gate: what it would do with a statement, looked at before it does it.

A READ session refuses writes and changes of the schema, but lets LOAD CSV, SHOW, TERMINATE and some
procedures pass, and calls all of them reading. So the plan is walked as well.
"""

from __future__ import annotations

import re
from typing import Any

from miner.errors import Problem, UsageError
from miner.graph import gate
from miner.graph.tokens import tokens

# Functions with a dot in their names, by what stands before the dot; others come from plugins.
NAMESPACES = frozenset("date datetime duration localdatetime localtime point time vector coll db string".split())
_FILES = ("loadcsv", "load csv")
_COMMANDS = (
    "show",
    "terminate",
    "alter",
    "create",
    "drop",
    "grant",
    "deny",
    "revoke",
    "delete",
    "merge",
    "set",
    "remove",
    "foreach",
)
_CALL = re.compile(r"^\s*`?([\w`. ]+?)`?\s*\(")


def check_text(cypher: str) -> None:
    """The gate of all engines, and no function of a plugin; UsageError with all offences."""
    gate.check(cypher)
    found = tokens(cypher)
    problems = []
    for at in range(len(found) - 3):
        name, dot, function, opened = found[at : at + 4]
        starts = not at or not found[at - 1].is_mark(".")
        if starts and name.kind in ("word", "quoted") and dot.is_mark(".") and function.kind in ("word", "quoted"):
            chain = at + 2
            while (
                chain + 2 < len(found) and found[chain + 1].is_mark(".") and found[chain + 2].kind in ("word", "quoted")
            ):
                chain += 2
            opened = found[min(chain + 1, len(found) - 1)]
            called = at and found[at - 1].upper == "CALL"
            if opened.is_mark("(") and not called and name.text.strip("`").lower() not in NAMESPACES:
                whole = "".join(token.text for token in found[at : chain + 1])
                problems.append(Problem(f"the function {whole} comes from a plugin and is refused", line=name.line))
    if problems:
        raise UsageError(problems)


def check_plan(kind: str | None, plan: Any) -> None:
    """Raise UsageError unless the plan only reads the graph: its type is r, and no operator does more."""
    if kind != "r":
        raise UsageError("the statement would write: the graph is open for reading only")
    if plan is None:
        raise UsageError("the server does not say how it would run the statement")
    offences = sorted(set(_offences(plan)))
    if offences:
        raise UsageError([Problem(offence) for offence in offences])


def _offences(step: Any) -> list[str]:
    operator = str(step.get("operatorType", "")).partition("@")[0]
    plain = operator.lower()
    found = []
    if plain.startswith(_FILES):
        found.append("LOAD CSV is refused: a query reads no files and no addresses")
    elif "procedurecall" in plain:
        found += _procedure(step)
    elif plain.startswith(_COMMANDS):
        found.append(f"{operator} is refused: only queries are run")
    for child in step.get("children", ()):
        found += _offences(child)
    return found


def _procedure(step: Any) -> list[str]:
    told = str(step.get("args", {}).get("Details", ""))
    name = _CALL.match(told)
    called = name[1].replace("`", "").replace(" ", "").lower() if name else ""
    return [] if called in gate.PROCEDURES else [f"the procedure {called or told} is not one of those allowed"]
