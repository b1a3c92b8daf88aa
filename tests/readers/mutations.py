"""Files of the fixtures with damage: bytes flipped, ends cut, fields of another type, records doubled or moved."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parent / "fixtures"
FILES = sorted(p for p in FIXTURES.rglob("*") if p.is_file() and p.suffix != ".md" and p.stat().st_size < 1 << 20)
JUNK: list[Any] = [
    None,
    "",
    "?",
    "-1",
    "undefined",
    "2026-03-02T10:00:00Z",
    "1772440800",
    0,
    -1,
    1.5,
    1e300,
    10**400,
    True,
    [],
    {},
    [None],
    [[]],
    {"id": 1},
    {"id": {}},
    "\x00",
    "\ud800",
    "x" * 3000,
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z",
]
_PIECES = [b'"', b"\n", b",", b";", b"|", b"\0", b"<", b"{", b"}", b"]", b"9" * 30, b"\\u0000", b"\xff"]


def mutated(content: bytes, seed: int) -> bytes:
    """One of the kinds of damage, the same for the same seed; the content itself where it is not of that form."""
    dice = random.Random(seed)
    kinds: list[Callable[[bytes, random.Random], bytes]] = [_bytes, _cut, _lines, _json, _json, _cells]
    return dice.choice(kinds)(content, dice)


def damaged_copy(path: Path, seed: int, folder: Path) -> Path:
    """What to read: half of the time the damaged file by itself, else among undamaged copies of those beside it."""
    target = folder / path.name
    target.write_bytes(mutated(path.read_bytes(), seed))
    if seed % 2:
        return target
    for other in path.parent.iterdir():
        if other.is_file() and other != path:
            (folder / other.name).write_bytes(other.read_bytes())
    return folder


def _bytes(content: bytes, dice: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.randint(1, 6)):
        at, length = dice.randrange(len(changed) + 1), dice.choice([1, 1, 2, 5, 40])
        piece = bytes(changed[at : at + length])
        changed[at : at + length] = dice.choice(
            [b"", piece * 2, bytes([dice.randrange(256)]) * length, dice.choice(_PIECES)]
        )
    return bytes(changed)


def _cut(content: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(content) + 1)
    return content[:at] if dice.random() < 0.7 else content[at:]


def _lines(content: bytes, dice: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    for _ in range(dice.randint(1, 4)):
        if lines:
            line = lines.pop(dice.randrange(len(lines)))
            for _ in range(dice.choice([0, 1, 1, 2])):
                lines.insert(dice.randrange(len(lines) + 1), line)
    return b"".join(lines)


def _json(content: bytes, dice: random.Random) -> bytes:
    """Parts of a JSON document, or of a line of JSON lines, replaced, left out, doubled or moved."""
    try:
        return json.dumps(_damaged(json.loads(content), dice, 2.0 / (content.count(b":") + 1))).encode()
    except ValueError:
        pass
    lines = content.splitlines()
    if not lines:
        return content
    at = dice.randrange(len(lines))
    try:
        lines[at] = json.dumps(_damaged(json.loads(lines[at]), dice, 2.0 / (lines[at].count(b":") + 1))).encode()
    except ValueError:
        return _bytes(content, dice)
    return b"\n".join(lines)


def _damaged(value: Any, dice: random.Random, share: float) -> Any:
    if dice.random() < share:
        return dice.choice(JUNK)
    if isinstance(value, dict):
        return {key: _damaged(inner, dice, share) for key, inner in value.items() if dice.random() >= share}
    if isinstance(value, list):
        inner = [_damaged(element, dice, share) for element in value]
        if inner and dice.random() < 0.2:
            inner.insert(dice.randrange(len(inner) + 1), dice.choice(inner))
        if dice.random() < 0.2:
            dice.shuffle(inner)
        return inner
    return value


def _cells(content: bytes, dice: random.Random) -> bytes:
    """Cells of a table replaced, a column left out or called otherwise."""
    text = content.decode("utf-8", "replace")
    delimiter = max(",;|\t", key=text.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    if len(rows) < 2:
        return _bytes(content, dice)
    for _ in range(dice.randint(1, 5)):
        row = rows[dice.randrange(len(rows))] or [""]
        row[dice.randrange(len(row))] = str(dice.choice(JUNK)).encode("utf-8", "replace").decode()
    if dice.random() < 0.3:
        at = dice.randrange(len(rows[0]) or 1)
        rows = [row[:at] + row[at + 1 :] for row in rows]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")
