"""Text for a terminal: what comes from a log cannot move its cursor, change its colours or its title."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.text import Text

# Control characters but line ends and tabs, halves of surrogates, and what turns the direction of writing.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """A text with � in the place of each character that a terminal would obey."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


def json_text(value: Any) -> str:
    """JSON that a terminal obeys nowhere: such characters are written as escapes, so that the values stay."""
    text = json.dumps(value, indent=1, ensure_ascii=False, default=str)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def command(words: Iterable[str]) -> str:
    """Words as a line for a shell; those with characters that a terminal obeys as $'…'."""
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    if not _UNSAFE.search(word):
        return shlex.quote(word)
    plain = word.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"$'{_UNSAFE.sub(lambda match: f'{chr(92)}u{ord(match[0]):04x}', plain)}'"


class Plain(Console):
    """A console that shows texts without the characters that a terminal obeys."""

    def render_str(self, text: str, *args: Any, **options: Any) -> Text:
        """The text of a line or a cell, with markup."""
        return super().render_str(printable(text), *args, **options)
