"""Cypher cut into tokens: enough to see clauses, names and patterns without parsing all of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from miner.errors import Problem, UsageError

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    |(?P<comment>//[^\n]*|/\*.*?\*/)
    |(?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<quoted>`(?:[^`]|``)*`)
    |(?P<param>\$(?:\w+|`[^`]*`))
    |(?P<number>0[xX][0-9a-fA-F]+|0o[0-7]+|[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+(?:[eE][+-]?[0-9]+)?|\.[0-9]+)
    |(?P<word>[^\W\d]\w*)
    |(?P<mark><=|>=|<>|!=|=~|\.\.|\+=|->|<-|\|\||::|.)""",
    re.VERBOSE | re.DOTALL,
)
OPENING, CLOSING = "([{", ")]}"
_MARKS = frozenset("()[]{}<>=!~+-*/%^.,:;|&")
# A backslash that is itself not behind one, with what it stands for.
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a statement: kind (string, quoted, param, number, word, mark), text, line and depth of brackets."""

    kind: str
    text: str
    line: int
    depth: int

    @property
    def upper(self) -> str:
        """The text of a word of plain letters in capitals; of anything else nothing."""
        return self.text.upper() if self.kind == "word" and self.text.isascii() else ""

    def is_mark(self, text: str) -> bool:
        """True for this mark."""
        return self.kind == "mark" and self.text == text


def tokens(cypher: str) -> list[Token]:
    """The tokens of a statement without spaces and comments; UsageError where it can be read in two ways.

    That is where a quote, comment or bracket stays open, and where the engines would cut it differently:
    at a backslash outside quotes, an escape that ends a quote, a character that some take for a space.
    """
    statement: list[Token] = []
    open_marks: list[Token] = []
    line = 1
    for match in _TOKEN.finditer(cypher):
        kind, text = str(match.lastgroup), match.group()
        if kind == "mark":
            _no_open_quote(text, cypher, match.start(), line)
            if text in CLOSING:
                _close(open_marks, text, line)
        if wrong := _doubtful(kind, text):
            raise UsageError(Problem(wrong[0], line=line, fix=wrong[1]))
        token = Token(kind, text, line, len(open_marks))
        if kind not in ("space", "comment"):
            statement.append(token)
        if kind == "mark" and text in OPENING:
            open_marks.append(token)
        line += text.count("\n")
    if open_marks:
        raise UsageError(
            Problem(
                f"{open_marks[-1].text!r} is never closed",
                line=open_marks[-1].line,
                fix=f"close it with {CLOSING[OPENING.index(open_marks[-1].text)]!r}",
            )
        )
    return statement


def _doubtful(kind: str, text: str) -> tuple[str, str] | None:
    """What engines do not all read alike, and what to write."""
    if kind == "mark" and not _MARKS.issuperset(text):
        return f"the character {text!r} cannot stand outside quotes", "write plain spaces and signs"
    if text.startswith("//") and "\r" in text.removesuffix("\r"):
        return "a comment with a carriage return, which may end it", "end lines with a line feed"
    if kind in ("quoted", "param") and ("\\" in text or not text.isprintable() or "``" in text):
        return f"the name {text!r} in backticks", "no backslash, no backtick and no control character in a name"
    for escape in _ESCAPE.finditer(text) if kind == "string" else ():
        if escape[1][0] in "uU" and not _plain_escape(escape[1]):
            return f"the escape {escape[0]!r} in a text", "write the character itself, or give the text as a parameter"
    return None


def _plain_escape(escape: str) -> bool:
    """True for an escape of four digits that stands for a character which ends nothing."""
    return len(escape) == 5 and chr(int(escape[1:], 16)).isprintable() and chr(int(escape[1:], 16)) not in "'\"`\\"


def without_comments(cypher: str) -> str:
    """The same statement with spaces for its comments; lines stay where they are."""
    pieces = (
        re.sub(r"[^\n]", " ", match.group()) if match.lastgroup == "comment" else match.group()
        for match in _TOKEN.finditer(cypher)
    )
    return "".join(pieces)


def starts(cypher: str) -> list[int]:
    """Where in the text each of its tokens begins."""
    return [match.start() for match in _TOKEN.finditer(cypher) if match.lastgroup not in ("space", "comment")]


def _no_open_quote(text: str, cypher: str, start: int, line: int) -> None:
    if text in "'\"`" or cypher.startswith("/*", start):
        what = "comment" if text == "/" else "quote"
        raise UsageError(Problem(f"a {what} that begins here is never closed", line=line, fix=f"close the {what}"))


def _close(open_marks: list[Token], text: str, line: int) -> None:
    if not open_marks or OPENING.index(open_marks[-1].text) != CLOSING.index(text):
        raise UsageError(Problem(f"{text!r} closes nothing", line=line, fix="remove it, or open it before"))
    open_marks.pop()


def is_name(statement: list[Token], at: int) -> bool:
    """True where a word is an alias, property, label, type, map key or variable with a property, and no keyword."""
    if at and statement[at - 1].upper == "AS":
        return True
    before = statement[at - 1].text if at else ""
    after = statement[at + 1].text if at + 1 < len(statement) else ""
    return before in (".", ":", "|", "&", "!") or after in (".", ":")


def unbounded(statement: list[Token]) -> list[Token]:
    """The `*` of variable-length patterns that name no largest length."""
    return [statement[at] for at, low, high in lengths(statement) if high is None]


def lengths(statement: list[Token]) -> list[tuple[int, str | None, str | None]]:
    """Variable-length patterns: index of `*`, lower and upper bound as they stand (`*3` is both)."""
    answer = []
    for start, token in enumerate(statement):
        if not (token.is_mark("[") and start and statement[start - 1].text in ("-", "<-")):
            continue
        star = _star(statement, start)
        if star is not None:
            low, high = _bounds([t.text for t in statement[star + 1 : star + 4]])
            answer.append((star, low, high))
    return answer


def _star(statement: list[Token], start: int) -> int | None:
    for at in range(start + 1, len(statement)):
        if statement[at].is_mark("*"):
            return at
        if statement[at].text in ("{", "]") or statement[at].upper == "WHERE":
            return None
    return None


def _bounds(texts: list[str]) -> tuple[str | None, str | None]:
    low = texts[0] if texts and texts[0].isdigit() else None
    rest = texts[1:] if low else texts
    if not rest or rest[0] != "..":
        return low, low
    return low, rest[1] if len(rest) > 1 and rest[1].isdigit() else None
