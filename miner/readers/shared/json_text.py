"""JSON text read piece by piece, that knows the line of its position."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any

_PIECE = 1 << 20
LONGEST = 1 << 27  # letters of one record, or of one line of JSON lines: room for a recording, none for a whole export
_LONGEST_SIGN = 16  # characters that one sign of JSON may take: -Infinity, \ud83d\ude00
_SPACE = re.compile(r"[ \t\r\n]*")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# Floats stay exact, and NaN and Infinity, which are no JSON but are written, are read as null.
_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=lambda _: None)
# What the decoder says, in words for people who do not write JSON.
_WORDS = {
    "Expecting value": "a value was expected",
    "Expecting property name enclosed in double quotes": "a name in double quotes was expected",
    "Expecting ':' delimiter": "a colon was expected",
    "Expecting ',' delimiter": "a comma or a closing bracket was expected",
    "Illegal trailing comma before end of object": "a comma before the closing bracket",
    "Illegal trailing comma before end of array": "a comma before the closing bracket",
    "Invalid control character at": "a string contains a line break, tab or other control character",
    "Invalid \\escape": "invalid escape: a backslash before this character",
    "Invalid \\uXXXX escape": "\\u is not followed by four digits",
    "Unterminated string starting at": "the string that begins here is never closed",
    "Extra data": "extra data after the value",
}


TOO_LONG = f"a record is longer than {LONGEST >> 20} MiB"


class Broken(Exception):
    """The text at this line and column is no JSON."""

    def __init__(self, what: str, line: int, column: int):
        super().__init__(what)
        self.what, self.line, self.column = what, line, column


class JsonText:
    """A text that is read piece by piece and knows the line of its position."""

    def __init__(self, stream: IO[str]):
        self._stream, self._buffer, self._at = stream, "", 0
        self._line, self._line_start = 1, 0

    @property
    def line(self) -> int:
        """The line of the position, from 1."""
        return self._line

    def peek(self) -> str:
        """The next character that is no space, or "" at the end."""
        while True:
            space = _SPACE.match(self._buffer, self._at)
            self._move(space.end() if space else self._at)
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def take(self, wanted: str) -> str:
        """Step over the next character, which must be one of `wanted`."""
        found = self.peek()
        if not found or found not in wanted:
            expected = " or ".join(wanted)
            raise self.broken(
                f"the file ends where {expected} was expected"
                if not found
                else f"{expected} was expected, not {found!r}"
            )
        self._move(self._at + 1)
        return found

    def value(self) -> Any:
        """The JSON value that comes next, whole."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                # Near the end of what was read so far it may just not be all there yet.
                open_text, ahead = error.msg.startswith("Unterminated"), error.pos - self._at
                if (open_text or error.pos >= len(self._buffer) - _LONGEST_SIGN) and self._more():
                    continue
                cut = open_text or not self._buffer[self._at + ahead :].strip()
                what = "the file ends in the middle of a record" if cut else _in_words(error)
                raise self.broken(what, self._at + ahead) from None
            except (ValueError, RecursionError) as error:
                raise self.broken(_too_much(error)) from None
            length = end - self._at
            if end > len(self._buffer) - _LONGEST_SIGN and self._more():  # 1 may go on as 12, or 1.5e-7
                continue
            end = self._at + length
            value = _mended(value) if _SURROGATE.search(self._buffer, self._at, end) else value
            self._move(end)
            return value

    def elements(self) -> Iterator[tuple[int, Any]]:
        """Step through the array that begins here: the line and the value of each element."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            self.peek()
            line = self.line
            yield line, self.value()
            if self.take(",]") == "]":
                return

    def members(self) -> Iterator[tuple[int, str]]:
        """Step through the object that begins here: the line and the name of each member, whose value is to be read."""
        self.take("{")
        if self.peek() == "}":
            self.take("}")
            return
        while True:
            if self.peek() != '"':
                self.take('"')
            line, name = self.line, self.value()
            self.take(":")
            yield line, name
            if self.take(",}") == "}":
                return

    def broken(self, what: str, at: int | None = None) -> Broken:
        """The error for a position, by default the present one."""
        at = self._at if at is None else min(at, len(self._buffer))
        last = self._buffer.rfind("\n", self._at, at)
        start = last + 1 if last >= 0 else self._line_start
        return Broken(what, self._line + self._buffer.count("\n", self._at, at), at - start + 1)

    def _move(self, to: int) -> None:
        lines = self._buffer.count("\n", self._at, to)
        if lines:
            self._line += lines
            self._line_start = self._buffer.rfind("\n", self._at, to) + 1
        self._at = to

    def _more(self) -> bool:
        """Read on; the more waits already, the more is read, so that long records cost no repeats."""
        if len(self._buffer) - self._at > LONGEST:
            raise self.broken(TOO_LONG)
        piece = self._stream.read(max(_PIECE, len(self._buffer) - self._at))
        self._line_start -= self._at
        self._buffer, self._at = self._buffer[self._at :] + piece, 0
        return bool(piece)


def whole(text: str) -> Any:
    """The one JSON value of a text; raises Broken with line 1 and the column."""
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise Broken(_in_words(error), 1, error.pos + 1) from None
    except (ValueError, RecursionError) as error:
        raise Broken(_too_much(error), 1, 1) from None
    return _mended(value) if _SURROGATE.search(text) else value


def _in_words(error: json.JSONDecodeError) -> str:
    said = error.msg.partition(": ")[0]
    found = error.doc[error.pos : error.pos + 1]
    what = _WORDS.get(said, said)
    return f"{what}, not {found!r}" if what.endswith("expected") and found else what


def _too_much(error: Exception) -> str:
    deep = isinstance(error, RecursionError)
    return "lists or objects are nested too deeply" if deep else "a number has more digits than can be read"


def _mended(value: Any) -> Any:
    """The value with halves of surrogate pairs, which no file can hold, replaced."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_mended(element) for element in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(element) for name, element in value.items()}
    return value
