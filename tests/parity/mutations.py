"""Statements made from others by chance: parts taken out, doubled, disguised, joined with parts of attacks."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from miner.graph import queries

_PIECE = re.compile(r"'[^']*'|`[^`]*`|\w+|\s+|.", re.DOTALL)
_SPACES = (
    " ",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\u00a0",
    "\u2028",
    "\u0085",
    "\x0b",
    "\x0c",
    "\0",
    "/**/",
    "// x\n",
    "// x\r",
    "/*/",
    "//\u2028",
    "// \\u000a",
)
_BITS = (
    "`",
    "'",
    '"',
    "\\",
    ";",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "|",
    "$",
    "*",
    "..",
    ":",
    "-",
    "\\u0027",
    "\\u0060",
    "é",
    "ſ",
    "🙂",
)
_PLUGINS = ("apoc.load.json", "`apoc`.util.sleep", "file", "custom.`read`", "db.labels", "toUpper", "ap\\u006fc.x")
_FRAMES = ("CALL {{ {0} }} RETURN 1 AS n", "RETURN COUNT {{ {0} }} AS n", "{0} UNION {1}", "{0};{1}", "{0}\n{1}")
_HEAVY = (
    "reduce(s = 'a', x IN range(1, 60) | s + s)",
    "size([x IN range(1, 3000) WHERE size([y IN range(1, 3000) WHERE x * y = 7]) > 1])",
    "[x IN range(1, 100000) | range(1, 100000)]",
)
Mutation = Callable[[random.Random, list[str], Sequence[str]], list[str]]


def mutant(seed: int, attacks: Sequence[str], heavy: bool = True) -> str:
    """A statement of the library or an attack, changed one to three times; the same for the same seed.

    Without `heavy` it asks for no more work than the statements it is made of.
    """
    dice = random.Random(seed)
    pieces = _PIECE.findall(dice.choice(dice.choice((_library(), attacks))))
    for _ in range(dice.choice((1, 1, 2, 3))):
        change = dice.choice(_MUTATIONS if heavy else _MUTATIONS[:-1])
        pieces = _PIECE.findall("".join(change(dice, pieces, attacks)))
    return "".join(pieces)


def _library() -> list[str]:
    return [query.cypher for query in queries().values()]


def _words(pieces: list[str]) -> list[int]:
    return [at for at, piece in enumerate(pieces) if re.fullmatch(r"\w+", piece)] or [0]


def _quoted(dice: random.Random, pieces: list[str], _: Sequence[str]) -> list[str]:
    at = dice.choice(_words(pieces))
    return [*pieces[:at], f"`{pieces[at]}`" if pieces else "``", *pieces[at + 1 :]]


def _escaped(dice: random.Random, pieces: list[str], _: Sequence[str]) -> list[str]:
    at = dice.choice(_words(pieces))
    word = pieces[at] if pieces else "x"
    return [*pieces[:at], f"\\u{ord(word[0]):04x}{word[1:]}", *pieces[at + 1 :]]


def _cased(dice: random.Random, pieces: list[str], _: Sequence[str]) -> list[str]:
    return [dice.choice((piece, piece.upper(), piece.lower())) for piece in pieces]


def _spaced(dice: random.Random, pieces: list[str], _: Sequence[str]) -> list[str]:
    return [dice.choice(_SPACES) if piece.isspace() and dice.random() < 0.05 else piece for piece in pieces]


def _dropped(dice: random.Random, pieces: list[str], _: Sequence[str]) -> list[str]:
    at, count = dice.randrange(len(pieces) + 1), dice.randint(1, 4)
    return pieces[:at] + pieces[at + count :]


def _inserted(dice: random.Random, pieces: list[str], _: Sequence[str]) -> list[str]:
    at = dice.randrange(len(pieces) + 1)
    return [*pieces[:at], dice.choice(_BITS), *pieces[at:]]


def _joined(dice: random.Random, pieces: list[str], attacks: Sequence[str]) -> list[str]:
    other = _PIECE.findall(dice.choice(attacks))
    return pieces[: dice.randrange(len(pieces) + 1)] + other[dice.randrange(len(other)) :]


def _within(dice: random.Random, pieces: list[str], attacks: Sequence[str]) -> list[str]:
    frame = dice.choice(_FRAMES)
    return [frame.format("".join(pieces), dice.choice(attacks))]


def _called(dice: random.Random, pieces: list[str], _: Sequence[str]) -> list[str]:
    at = dice.choice(_words(pieces))
    return [*pieces[:at], f"{dice.choice(_PLUGINS)}(1)", *pieces[at + 1 :]]


def _heavy(dice: random.Random, pieces: list[str], _: Sequence[str]) -> list[str]:
    at = dice.choice(_words(pieces))
    return [*pieces[:at], dice.choice(_HEAVY), *pieces[at + 1 :]]


_MUTATIONS: tuple[Mutation, ...] = (
    _quoted,
    _quoted,
    _escaped,
    _cased,
    _spaced,
    _dropped,
    _inserted,
    _joined,
    _joined,
    _within,
    _called,
    _heavy,
)
