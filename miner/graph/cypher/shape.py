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


def keyword(found: list[Token], at: int, *words: str) -> bool:
    """True where one of these keywords stands."""
    return found[at].upper in words and not is_name(found, at)


def parameters(found: list[Token]) -> dict[str, int]:
    """The parameters used, each with the line of its first use."""
    used: dict[str, int] = {}
    for token in found:
        if token.kind == "param":
            used.setdefault(token.text[1:].strip("`"), token.line)
    return used


def returned(found: list[Token]) -> list[list[Item]]:
    """The columns of each final RETURN: one list, or one for each part of a UNION."""
    branches = []
    for at, token in enumerate(found):
        if token.depth == 0 and keyword(found, at, "RETURN"):
            branches.append([_item(part) for part in _split(_clause(found, at + 1))])
    return branches


def ordered(found: list[Token]) -> bool:
    """True where the last RETURN has an ORDER BY."""
    returns = [at for at, token in enumerate(found) if token.depth == 0 and keyword(found, at, "RETURN")]
    after = range(returns[-1], len(found)) if returns else range(0)
    return any(found[at].depth == 0 and keyword(found, at, "ORDER") for at in after)


def variables(found: list[Token]) -> set[str]:
    """Variables that stand for nodes, relationships or paths."""
    names = set()
    for at in range(len(found) - 1):
        if opens_pattern(found, at) and found[at + 1].kind == "word":
            names.add(found[at + 1].text)
    return names


def opens_pattern(found: list[Token], at: int) -> bool:
    """True where a bracket opens a node or relationship pattern."""
    token, before = found[at], found[at - 1] if at else None
    if token.is_mark("["):
        return before is not None and before.text in ("-", "<-")
    if not token.is_mark("(") or before is None:
        return False
    after = found[at + 1].text if at + 1 < len(found) else ""
    follows = found[at + 2].text if at + 2 < len(found) else ""
    looks = after in (":", ")", "{") or follows in (":", ")", "{")
    if before.kind == "word":
        function = before.text in ("shortestPath", "allShortestPaths")
        return looks and (before.upper in _BEFORE_PATTERN or function)
    return looks and before.text in (",", "-", "->", "=", "(", "{", "<", ">")


def labels(found: list[Token]) -> dict[str, int]:
    """Labels and relationship types used in patterns, each with the line of its first use."""
    names: dict[str, int] = {}
    for at, token in enumerate(found):
        if token.kind not in ("word", "quoted") or not at or found[at - 1].text not in (":", "|", "&"):
            continue
        if _in_pattern(found, at):
            names.setdefault(token.text.strip("`"), token.line)
    return names


def _in_pattern(found: list[Token], at: int) -> bool:
    depth = found[at].depth
    for back in range(at - 1, -1, -1):
        if found[back].depth < depth:
            return opens_pattern(found, back)
    return False


def _clause(found: list[Token], start: int) -> list[Token]:
    end = start
    while end < len(found):
        token = found[end]
        if token.depth == 0 and (token.text == ";" or keyword(found, end, *_ENDS)):
            break
        end += 1
    part = found[start:end]
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
