"""Which object type or attribute of an OCEL plays which part: as the user says, or by its name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping

from miner.errors import InputError, Problem
from miner.readers.base import Options
from miner.readers.tabular.keys import NAMES
from miner.readers.tabular.mapping import simple

OBJECTS = ("case", "customer", "agent", "team")
OWNERS = ("agent", "team")  # which may be attributes of events as well
ATTRIBUTES = ("silo", "channel", "system", "intent", "outcome", "value", "actor_type")

# Names in lower case, without what is no letter, in the singular; the surest first.
_NAMES = {
    "case": "interaction conversation ticket case incident issue call chat session servicerequest request contact "
    "order application purchaseorder",
    "customer": "customer client caller requester consumer account",
    "agent": "agent employee resource user operator staff worker person",
    "team": "team group queue skill department supportgroup assignmentgroup orggroup",
}


def may_own(attribute: str) -> bool:
    """Whether an attribute of an event is named like an agent or a team."""
    return any(simple(attribute) in NAMES[key].split() for key in OWNERS)


def owners(said: Collection[str], found: Mapping[str, str], options: Options) -> dict[str, str]:
    """Agent and team → the attribute of events that names them, where no object type does."""
    named: dict[str, str] = {}
    for key in OWNERS:
        if key in found or options.columns.get(key) == "":
            continue
        given = options.columns.get(key)
        by_name = (c for name in NAMES[key].split() for c in said if simple(c) == name and c not in named.values())
        if attribute := given or next(by_name, None):
            named[key] = attribute
    return named


def roles(types: Mapping[str, int], options: Options, file: str, said: Collection[str] = ()) -> dict[str, str]:
    """Part → object type, of the types with the number of their objects; InputError lists all that is wrong.

    `said` are names of attributes, which may be given for the agent and the team in the place of a type.
    """
    found: dict[str, str] = {}
    problems = []
    shown = ", ".join(f"{kind} ({count})" for kind, count in types.items()) or "none"
    for key, kind in options.columns.items():
        if key in OBJECTS and kind:
            if kind in types:
                found[key] = kind
            elif not (key in OWNERS and kind in said):
                near = difflib.get_close_matches(kind, types, 1)
                fix = f"did you mean {near[0]!r}?" if near else f"object types are: {shown}"
                problems.append(Problem(f"there is not an object type {kind!r}", file, column=key, fix=fix))
        elif key not in (*OBJECTS, *ATTRIBUTES):
            problems.append(
                Problem(
                    f"--map {key} does not apply to OCEL", file, fix=f"keys are: {' '.join((*OBJECTS, *ATTRIBUTES))}"
                )
            )
    for key in OBJECTS:
        if key not in options.columns:
            guessed = _guess(key, [kind for kind in types if kind not in found.values()])
            found |= {key: guessed} if guessed else {}
    if "case" not in found and not any(problem.column == "case" for problem in problems):
        problems.append(
            Problem(
                "no object type was recognised as the interaction",
                file,
                fix=f"name it with --map case=TYPE; object types are: {shown}",
            )
        )
    if problems:
        raise InputError(problems)
    return found


def _guess(key: str, types: list[str]) -> str | None:
    simple = {kind: re.sub(r"s$", "", re.sub(r"[^a-z]", "", kind.lower())) for kind in types}
    return next((kind for name in _NAMES[key].split() for kind in types if simple[kind] == name), None)
