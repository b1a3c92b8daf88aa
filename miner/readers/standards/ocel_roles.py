"""Which object type of an OCEL plays which part: as the user says, or by its name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from miner.errors import InputError, Problem
from miner.readers.base import Options

OBJECTS = ("case", "customer", "agent", "team")
ATTRIBUTES = ("silo", "channel", "system", "intent", "outcome", "value", "actor_type")

# Names in lower case, without what is no letter, in the singular; the surest first.
_NAMES = {
    "case": "interaction conversation ticket case incident issue call chat session servicerequest request contact "
    "order application purchaseorder",
    "customer": "customer client caller requester consumer account",
    "agent": "agent employee resource user operator staff worker person",
    "team": "team group queue skill department supportgroup assignmentgroup orggroup",
}


def roles(types: Mapping[str, int], options: Options, file: str) -> dict[str, str]:
    """Part → object type, of the types with the number of their objects; InputError lists all that is wrong."""
    found: dict[str, str] = {}
    problems = []
    shown = ", ".join(f"{kind} ({count})" for kind, count in types.items()) or "none"
    for key, said in options.columns.items():
        if key in OBJECTS and said:
            if said in types:
                found[key] = said
            else:
                near = difflib.get_close_matches(said, types, 1)
                fix = f"did you mean {near[0]!r}?" if near else f"object types are: {shown}"
                problems.append(Problem(f"there is no object type {said!r}", file, column=key, fix=fix))
        elif key not in (*OBJECTS, *ATTRIBUTES):
            problems.append(Problem(f"--map {key} means nothing in an OCEL", file,
                                    fix=f"keys are: {' '.join((*OBJECTS, *ATTRIBUTES))}"))  # fmt: skip
    for key in OBJECTS:
        if key not in options.columns:
            guessed = _guess(key, [kind for kind in types if kind not in found.values()])
            found |= {key: guessed} if guessed else {}
    if "case" not in found and not any(problem.column == "case" for problem in problems):
        problems.append(Problem("no object type was recognised as the interaction", file,
                                fix=f"name it with --map case=TYPE; object types are: {shown}"))  # fmt: skip
    if problems:
        raise InputError(problems)
    return found


def _guess(key: str, types: list[str]) -> str | None:
    simple = {kind: re.sub(r"s$", "", re.sub(r"[^a-z]", "", kind.lower())) for kind in types}
    return next((kind for name in _NAMES[key].split() for kind in types if simple[kind] == name), None)
