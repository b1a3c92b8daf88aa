"""The server's own gate: what it would do with a statement, looked at before it does it.

A READ session refuses writes and changes of the schema, but lets LOAD CSV, SHOW, TERMINATE and some
procedures pass, and calls all of them reading. So the plan is walked as well.
"""

from __future__ import annotations

import re
from typing import Any

from miner.errors import Problem, UsageError
from miner.graph.cypher.grammar import FUNCTIONS, PROCEDURES, READING

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
_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
# A name with a dot before a bracket: a function that belongs to a group, as all functions of plugins do.
_NAME = r"(?:\w+|`[^`]*`)"
_FUNCTION = re.compile(rf"(?P<first>{_NAME})(?P<rest>(?:\s*\.\s*{_NAME})*)(?P<called>\s*\()?")


def check_plan(kind: str | None, plan: Any) -> None:
    """Raise UsageError unless the plan only reads the graph: its type is r, and no operator does more."""
    if kind != "r":
        raise UsageError("the statement would write: the graph is open for reading only", fix=READING)
    if plan is None:
        raise UsageError(
            "the server sent no plan of the statement, so it cannot be checked",
            fix="use a server that answers EXPLAIN, or the embedded graph",
        )
    offences = sorted(set(_offences(plan)))
    if offences:
        raise UsageError([Problem(offence, fix=READING) for offence in offences])


def _offences(step: Any) -> list[str]:
    operator = str(step.get("operatorType", "")).partition("@")[0]
    plain = operator.lower()
    offences = []
    if plain.startswith(_FILES):
        offences.append("LOAD CSV is refused: a query reads no files and no addresses")
    elif "procedurecall" in plain:
        offences += _procedure(step)
    elif plain.startswith(_COMMANDS):
        offences.append(f"{operator} is refused: only queries are run")
    else:
        offences += _functions(step)
    for child in step.get("children", ()):
        offences += _offences(child)
    return offences


def _procedure(step: Any) -> list[str]:
    details = str(step.get("args", {}).get("Details", ""))
    name = _CALL.match(details)
    called = name[1].replace("`", "").replace(" ", "").lower() if name else ""
    return [] if called in PROCEDURES else [f"the procedure {called or details} is not allowed"]


def _functions(step: Any) -> list[str]:
    """Functions of plugins in what a step says of itself."""
    details = _TEXT.sub("''", str(step.get("args", {}).get("Details", "")))
    names = {
        re.sub(r"[\s`]", "", f"{match['first']}{match['rest']}")
        for match in _FUNCTION.finditer(details)
        if match["rest"] and match["called"]
    }
    return [
        f"the function {name}() is refused: it is not known to be read-only"
        for name in sorted(names)
        if name.lower() not in FUNCTIONS
    ]
