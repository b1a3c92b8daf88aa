"""What a statement is made of, as far as contracts and rules need it: names, parameters, columns, patterns."""

from __future__ import annotations

from dataclasses import dataclass

from miner.graph.cypher.tokens import Token, is_name

# Words that may stand before a pattern's bracket; any other word before one makes it a call.
_BEFORE_PATTERN = frozenset({"MATCH", "WHERE", "AND", "OR", "NOT", "XOR"})
_ENDS = frozenset({"ORDER", "SKIP", "OFFSET", "LIMIT", "UNION"})


@dataclass(frozen=True, slots=True)
class Item:
    """A returned column: its name (None where an expression has no alias), its tokens and its line."""

    name: str | None
    tokens: list[Token]
    line: int


def keyword(statement: list[Token], at: int, *words: str) -> bool:
    """True where one of these keywords stands."""
    return statement[at].upper in words and not is_name(statement, at)


def parameters(statement: list[Token]) -> dict[str, int]:
    """The parameters used, each with the line of its first use."""
    used: dict[str, int] = {}
    for token in statement:
        if token.kind == "param":
            used.setdefault(token.text[1:].strip("`"), token.line)
    return used


def returned(statement: list[Token]) -> list[list[Item]]:
    """The columns of each final RETURN: one list, or one for each part of a UNION."""
    branches = []
    for at, token in enumerate(statement):
        if token.depth == 0 and keyword(statement, at, "RETURN"):
            branches.append([_item(part) for part in _split(_clause(statement, at + 1))])
    return branches


def ordered(statement: list[Token]) -> bool:
    """True where the last RETURN has an ORDER BY."""
    returns = [at for at, token in enumerate(statement) if token.depth == 0 and keyword(statement, at, "RETURN")]
    after = range(returns[-1], len(statement)) if returns else range(0)
    return any(statement[at].depth == 0 and keyword(statement, at, "ORDER") for at in after)


def variables(statement: list[Token]) -> set[str]:
    """Variables that stand for nodes, relationships or paths."""
    names = set()
    for at in range(len(statement) - 1):
        if opens_pattern(statement, at) and statement[at + 1].kind == "word":
            names.add(statement[at + 1].text)
    return names


def opens_pattern(statement: list[Token], at: int) -> bool:
    """True where a bracket opens a node or relationship pattern."""
    token, before = statement[at], statement[at - 1] if at else None
    if token.is_mark("["):
        return before is not None and before.text in ("-", "<-")
    if not token.is_mark("(") or before is None:
        return False
    after = statement[at + 1].text if at + 1 < len(statement) else ""
    follows = statement[at + 2].text if at + 2 < len(statement) else ""
    looks = after in (":", ")", "{") or follows in (":", ")", "{")
    if before.kind == "word":
        function = before.text in ("shortestPath", "allShortestPaths")
        return looks and (before.upper in _BEFORE_PATTERN or function)
    return looks and before.text in (",", "-", "->", "=", "(", "{", "<", ">")


def labels(statement: list[Token]) -> dict[str, int]:
    """Labels and relationship types used in patterns, each with the line of its first use."""
    names: dict[str, int] = {}
    for at, token in enumerate(statement):
        if token.kind not in ("word", "quoted") or not at or statement[at - 1].text not in (":", "|", "&"):
            continue
        if _in_pattern(statement, at):
            names.setdefault(token.text.strip("`"), token.line)
    return names


def _in_pattern(statement: list[Token], at: int) -> bool:
    depth = statement[at].depth
    for back in range(at - 1, -1, -1):
        if statement[back].depth < depth:
            return opens_pattern(statement, back)
    return False


def _clause(statement: list[Token], start: int) -> list[Token]:
    end = start
    while end < len(statement):
        token = statement[end]
        if token.depth == 0 and (token.text == ";" or keyword(statement, end, *_ENDS)):
            break
        end += 1
    part = statement[start:end]
    return part[1:] if part and part[0].upper == "DISTINCT" else part


def _split(part: list[Token]) -> list[list[Token]]:
    items: list[list[Token]] = [[]]
    for token in part:
        if token.depth == 0 and token.text == ",":
            items.append([])
        else:
            items[-1].append(token)
    return [item for item in items if item]


def _item(part: list[Token]) -> Item:
    last = part[-1]
    named = len(part) == 1 or part[-2].upper == "AS"
    name = last.text.strip("`") if named and last.kind in ("word", "quoted") else None
    return Item(name, part, part[0].line)
