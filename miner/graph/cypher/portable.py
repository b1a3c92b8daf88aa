"""The portable subset of Cypher: what Neo4j and the embedded engine answer alike, and nothing else.

Every rule names the line of an offence and how to write it instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from miner.errors import Problem
from miner.graph.cypher import shape
from miner.graph.cypher.tokens import Token, is_name, lengths
from miner.graph.schema import PARTS

Offence = tuple[int, str, str]
Rule = Callable[[list[Token]], Iterator[Offence]]

NEAREST_RANK = "WITH k, w ORDER BY k, w WITH k, collect(w) AS l RETURN k, l[(95*size(l)+99)/100-1]"
FUNCTIONS = {
    "percentilecont": f"a stored aggregate, or nearest rank: {NEAREST_RANK}",
    "percentiledisc": f"a stored aggregate, or nearest rank: {NEAREST_RANK}",
    "avg": "1.0*sum(x)/count(x)",
    "round": "round in the client",
    "tostring": "return the number itself",
    "keys": "the properties by name",
    "properties": "the properties by name",
    "timestamp": "a parameter",
    "isempty": "size(x) = 0",
    **dict.fromkeys(
        ("date", "datetime", "localdatetime", "time", "localtime", "duration"), "subtract the _ms integers"
    ),
}
TAKEN = frozenset({"ALL", "ENDS", "STARTS", "CONTAINS"})
NAMES = frozenset({"name", "title", "type", "label"})
SPACES = {
    "duration": "subtract the _ms integers",
    "datetime": "the _ms integers",
    "apoc": "plain Cypher",
    "gds": "plain Cypher",
}
WRITES = frozenset({"CREATE", "MERGE", "SET", "DELETE", "REMOVE", "DETACH", "FOREACH", "DROP", "LOAD"})
PROPERTIES = frozenset({"id"} | {p.name for part in PARTS for p in part.properties})
LABELS = frozenset(part.word for part in PARTS)


def offences(statement: list[Token], file: str | None = None, lines_before: int = 0) -> list[Problem]:
    """Everything in a statement that is outside the subset, in the order of its lines."""
    problems = [offence for rule in RULES for offence in rule(statement)]
    return [
        Problem(what, file, line + lines_before, fix=f"write: {instead}")
        for line, what, instead in sorted(set(problems), key=lambda offence: offence[0])
    ]


def _functions(statement: list[Token]) -> Iterator[Offence]:
    for at, token in enumerate(statement[:-1]):
        name = token.text.lower()
        called = token.kind == "word" and statement[at + 1].is_mark("(")
        if called and name in FUNCTIONS and not (at and statement[at - 1].text in (".", ":")):
            yield token.line, f"{token.text}() is not the same everywhere", FUNCTIONS[name]
        if (
            token.kind == "word"
            and name in SPACES
            and statement[at + 1].text == "."
            and not (at and statement[at - 1].text == ".")
        ):
            yield token.line, f"{token.text}.… is not in every engine", SPACES[name]


def _paths(statement: list[Token]) -> Iterator[Offence]:
    for at, low, high in lengths(statement):
        if low is None or high is None:
            yield statement[at].line, "a path without a smallest and largest length", "*1..N"
    for at in range(1, len(statement)):
        closes = statement[at - 1].text in (")", "->", "]")
        if closes and statement[at].text in ("+", "{") and _quantifies(statement, at):
            yield statement[at].line, "a quantified path pattern", "*1..N"


def _quantifies(statement: list[Token], at: int) -> bool:
    """A `+` or `{m,n}` right behind a pattern, and no arithmetic or subquery."""
    if statement[at].text == "+":
        return statement[at - 1].text == "->" or (
            at + 1 < len(statement) and statement[at + 1].text in ("(", "-", "<-")
        )
    inside = statement[at + 1 : at + 4]
    return bool(inside) and (inside[0].kind == "number" or inside[0].text == ",")


def _properties(statement: list[Token]) -> Iterator[Offence]:
    made = {t.text for at, t in enumerate(statement[:-1]) if t.kind == "word" and statement[at + 1].text == ":"}
    for at, token in enumerate(statement):
        before = statement[at - 1].text if at else ""
        if token.kind not in ("word", "quoted"):
            continue
        name = token.text.strip("`")
        accessed = before == "." and statement[at - 2].kind in ("word", "quoted", "mark")
        key = at + 1 < len(statement) and statement[at + 1].text == ":" and _key_of_pattern(statement, at)
        if (accessed or key) and name in NAMES:
            yield token.line, f"a property called {name}", "another name"
        elif (key or (accessed and name not in made)) and name not in PROPERTIES:
            yield (
                token.line,
                f"no node or relationship has a property {name}",
                "a property of the schema (docs/graph.md)",
            )


def _key_of_pattern(statement: list[Token], at: int) -> bool:
    for back in range(at - 1, -1, -1):
        if statement[back].depth < statement[at].depth:
            return statement[back].text == "{" and _opener(statement, back) is not None
    return False


def _opener(statement: list[Token], brace: int) -> int | None:
    for back in range(brace - 1, -1, -1):
        if statement[back].depth < statement[brace].depth:
            return back if shape.opens_pattern(statement, back) else None
    return None


def _known_labels(statement: list[Token]) -> Iterator[Offence]:
    for name, line in shape.labels(statement).items():
        if name not in LABELS:
            yield line, f"no label or relationship type {name}", "one of the schema (docs/graph.md)"


def _inline_where(statement: list[Token]) -> Iterator[Offence]:
    for at, token in enumerate(statement):
        if shape.keyword(statement, at, "WHERE") and token.depth:
            opener = next(b for b in range(at - 1, -1, -1) if statement[b].depth < token.depth)
            if shape.opens_pattern(statement, opener):
                yield token.line, "a WHERE inside a pattern", "WHERE after the MATCH"


def _clauses(statement: list[Token]) -> Iterator[Offence]:
    for at, token in enumerate(statement):
        after = statement[at + 1] if at + 1 < len(statement) else None
        if token.kind != "word" or is_name(statement, at) or after is None:
            continue
        if token.upper == "COLLECT" and after.text == "{":
            yield token.line, "COLLECT { }", "collect() in a CALL subquery"
        elif token.upper == "USING":
            yield token.line, "an index hint", "nothing: name the index in the header"
        elif token.upper == "CALL" and after.kind in ("word", "quoted"):
            yield token.line, "a procedure", "plain Cypher"
        elif token.upper in WRITES:
            yield token.line, f"{token.upper} writes or loads", "a query that only reads"


def _division(statement: list[Token]) -> Iterator[Offence]:
    for at, token in enumerate(statement[:-1]):
        if token.is_mark("/") and statement[at + 1].kind == "number" and float(statement[at + 1].text) == 0:
            yield token.line, "a division by zero", "CASE WHEN d = 0 THEN null ELSE n / d END"


def _whole_nodes(statement: list[Token]) -> Iterator[Offence]:
    names = shape.variables(statement)
    for items in shape.returned(statement):
        for item in items:
            first = item.tokens[0]
            if first.text == "*" and len(item.tokens) == 1:
                yield item.line, "RETURN *", "each column as a value with AS"
            elif (
                first.kind == "word" and first.text in names and (len(item.tokens) == 1 or item.tokens[1].upper == "AS")
            ):
                yield item.line, f"{first.text} is returned whole", f"{first.text}.id AS {first.text}, and so on"


def _shared_commas(statement: list[Token]) -> Iterator[Offence]:
    for at, token in enumerate(statement):
        if not shape.keyword(statement, at, "MATCH"):
            continue
        seen: set[str] = set()
        for part in _patterns(statement, at + 1, token.depth):
            names = shape.variables([token, *part])
            if names & seen:
                shared = ", ".join(sorted(names & seen))
                yield part[0].line, f"patterns with a comma that share {shared}", "one path, or a MATCH for each"
            seen |= names


def _patterns(statement: list[Token], start: int, depth: int) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for at in range(start, len(statement)):
        token = statement[at]
        if token.depth < depth or (token.depth == depth and token.kind == "word" and _ends_match(statement, at)):
            break
        if token.depth == depth and token.text == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def _taken_names(statement: list[Token]) -> Iterator[Offence]:
    patterns = shape.variables(statement)
    for at, token in enumerate(statement):
        alias = at and statement[at - 1].upper == "AS"
        if token.kind == "word" and token.upper in TAKEN and (alias or token.text in patterns):
            yield token.line, f"the name {token.text}, a keyword to the embedded engine", "another name"


def _from_null(statement: list[Token]) -> Iterator[Offence]:
    """From a variable that is null the embedded engine looks at the whole graph, where a server finds nothing."""
    doubtful: dict[int, set[str]] = {}
    for at, token in enumerate(statement):
        if shape.keyword(statement, at, "WITH", "RETURN", "UNION") and not _ends_text(statement, at):
            doubtful.pop(token.depth, None)
        elif shape.keyword(statement, at, "MATCH"):
            names = set().union(
                *(shape.variables([token, *part]) for part in _patterns(statement, at + 1, token.depth))
            )
            seen = doubtful.setdefault(token.depth, set())
            if names & seen:
                shared = ", ".join(sorted(names & seen))
                yield token.line, f"a MATCH from {shared}, which may be null", "one OPTIONAL MATCH of the whole path"
            if at and shape.keyword(statement, at - 1, "OPTIONAL"):
                bound = {t.text for t in statement[: at - 1] if t.kind == "word"}
                seen |= names - bound


def _ends_text(statement: list[Token], at: int) -> bool:
    """The WITH of STARTS WITH and ENDS WITH."""
    return bool(at) and statement[at - 1].upper in ("STARTS", "ENDS")


def _ends_match(statement: list[Token], at: int) -> bool:
    return shape.keyword(
        statement, at, "WHERE", "WITH", "RETURN", "MATCH", "OPTIONAL", "UNWIND", "CALL", "UNION", "USING", "ORDER"
    )


RULES: tuple[Rule, ...] = (
    _functions,
    _paths,
    _properties,
    _known_labels,
    _inline_where,
    _clauses,
    _division,
    _whole_nodes,
    _shared_commas,
    _taken_names,
    _from_null,
)
