"""Cypher cut into tokens: enough to see clauses, names and patterns without parsing all of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from miner.errors import Problem, UsageError

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<quoted>`(?:[^`]|``)*`)
    |(?P<param>\$(?:\w+|`[^`]*`))
    |(?P<number>\d+\.\d+(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+)?|\.\d+)
    |(?P<word>[^\W\d]\w*)
    |(?P<mark><=|>=|<>|=~|\.\.|\+=|->|<-|.)""",
    re.VERBOSE | re.DOTALL,
)
OPENING, CLOSING = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a statement: kind (string, quoted, param, number, word, mark), text, line and depth of brackets."""

    kind: str
    text: str
    line: int
    depth: int

    @property
    def upper(self) -> str:
        """The text of a word in capitals; of anything else nothing."""
        return self.text.upper() if self.kind == "word" else ""

    def is_mark(self, text: str) -> bool:
        """True for this mark."""
        return self.kind == "mark" and self.text == text


def tokens(cypher: str) -> list[Token]:
    """The tokens of a statement without spaces and comments; UsageError where a quote or bracket stays open."""
    found: list[Token] = []
    open_marks: list[Token] = []
    line = 1
    for match in _TOKEN.finditer(cypher):
        kind, text = str(match.lastgroup), match.group()
        if kind == "mark":
            _no_open_quote(text, cypher, match.start(), line)
            if text in CLOSING:
                _close(open_marks, text, line)
        token = Token(kind, text, line, len(open_marks))
        if kind != "space":
            found.append(token)
        if kind == "mark" and text in OPENING:
            open_marks.append(token)
        line += text.count("\n")
    if open_marks:
        raise UsageError(Problem(f"{open_marks[-1].text!r} is never closed", line=open_marks[-1].line))
    return found


def starts(cypher: str) -> list[int]:
    """Where in the text each of its tokens begins."""
    return [match.start() for match in _TOKEN.finditer(cypher) if match.lastgroup != "space"]


def _no_open_quote(text: str, cypher: str, start: int, line: int) -> None:
    if text in "'\"`" or cypher.startswith("/*", start):
        what = "comment" if text == "/" else "quote"
        raise UsageError(Problem(f"a {what} that begins here is never closed", line=line))


def _close(open_marks: list[Token], text: str, line: int) -> None:
    if not open_marks or OPENING.index(open_marks[-1].text) != CLOSING.index(text):
        raise UsageError(Problem(f"{text!r} closes nothing", line=line))
    open_marks.pop()


def is_name(found: list[Token], at: int) -> bool:
    """True where a word is an alias, property, label, type, map key or variable with a property, and no keyword."""
    if at and found[at - 1].upper == "AS":
        return True
    before = found[at - 1].text if at else ""
    after = found[at + 1].text if at + 1 < len(found) else ""
    return before in (".", ":", "|", "&", "!") or after in (".", ":")


def unbounded(found: list[Token]) -> list[Token]:
    """The `*` of variable-length patterns that name no largest length."""
    return [found[at] for at, low, high in lengths(found) if high is None]


def lengths(found: list[Token]) -> list[tuple[int, str | None, str | None]]:
    """Variable-length patterns: index of `*`, lower and upper bound as they stand (`*3` is both)."""
    answer = []
    for start, token in enumerate(found):
        if not (token.is_mark("[") and start and found[start - 1].text in ("-", "<-")):
            continue
        star = _star(found, start)
        if star is not None:
            low, high = _bounds([t.text for t in found[star + 1 : star + 4]])
            answer.append((star, low, high))
    return answer


def _star(found: list[Token], start: int) -> int | None:
    for at in range(start + 1, len(found)):
        if found[at].is_mark("*"):
            return at
        if found[at].text in ("{", "]") or found[at].upper == "WHERE":
            return None
    return None


def _bounds(texts: list[str]) -> tuple[str | None, str | None]:
    low = texts[0] if texts and texts[0].isdigit() else None
    rest = texts[1:] if low else texts
    if not rest or rest[0] != "..":
        return low, low
    return low, rest[1] if len(rest) > 1 and rest[1].isdigit() else None
