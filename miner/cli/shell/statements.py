"""Where one statement ends and the next begins: at a semicolon outside quotes and comments."""

from __future__ import annotations

import re

# A quote or a comment that is still open reaches to the end of what there is.
_PIECE = re.compile(
    r"""'(?:[^'\\]|\\.)*(?:'|\Z|\\\Z) | "(?:[^"\\]|\\.)*(?:"|\Z|\\\Z) | `[^`]*(?:`|\Z)
    | //[^\n]* | /\*.*?(?:\*/|\Z) | .""",
    re.VERBOSE | re.DOTALL,
)

_BLANK = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)


def split(text: str) -> tuple[list[str], str]:
    """The finished statements of a text, without their semicolons, and what is left of it."""
    found: list[str] = []
    start = 0
    for piece in _PIECE.finditer(text):
        if piece.group() == ";":
            found.append(text[start : piece.start()].strip())
            start = piece.end()
    return [statement for statement in found if not is_blank(statement)], text[start:]


def is_blank(text: str) -> bool:
    """True for spaces and comments."""
    return _BLANK.fullmatch(text) is not None


def is_command(text: str) -> bool:
    """True for a command of the shell: it begins with a colon and ends with its line."""
    return text.lstrip(" \t").startswith(":")


def lines(text: str) -> list[str]:
    """The lines of a text, each with its end: a line feed, and nothing else that some take for one."""
    return re.findall(r"[^\n]*\n|[^\n]+", text) or [""]


def is_finished(text: str) -> bool:
    """True where nothing is missing: commands, and statements that end with a semicolon."""
    statements = "".join(line for line in lines(text) if not is_command(line))
    return is_blank(split(statements)[1])


def outside_quotes(text: str) -> str:
    """A text without the insides of its quotes and comments, of the same length."""
    return _PIECE.sub(lambda piece: piece.group() if len(piece.group()) == 1 else " " * len(piece.group()), text)
