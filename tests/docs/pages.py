"""The pages of the documentation, taken apart: fenced blocks, links, headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
# CONTRIBUTING.md speaks of the checkout itself: its commands are those of dev.py.
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md")))
_FENCE = re.compile(r"^(?P<fence>`{3,})(?P<language>[\w-]*)\s*$")
_FILE = re.compile(r"^<!-- file: (?P<name>\S+) -->$")
_LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the line it starts on, and the file it is to be saved as."""

    page: Path
    line: int
    language: str
    text: str
    file: str | None = None

    @property
    def name(self) -> str:
        """Page and line, to name a test after."""
        return f"{self.page.name}:{self.line}"


def blocks(page: Path, *languages: str) -> list[Block]:
    """The fenced blocks of a page, all or those of some languages."""
    return [block for block in _blocks(page) if not languages or block.language in languages]


def _blocks(page: Path) -> Iterator[Block]:
    lines = page.read_text(encoding="utf-8").splitlines()
    at = 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        if opening:
            end = next(n for n in range(at + 1, len(lines)) if lines[n] == opening["fence"])
            said = _FILE.match(lines[at - 1]) if at else None
            text = "\n".join(lines[at + 1 : end]) + "\n"
            yield Block(page, at + 2, opening["language"], text, said["name"] if said else None)
            at = end
        at += 1


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    text = page.read_text(encoding="utf-8")
    return re.sub(r"^(`{3,})[\w-]*\n.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)


def links(page: Path) -> list[str]:
    """The targets of a page's links and pictures."""
    return [match["target"] for match in _LINK.finditer(prose(page))]


def anchors(page: Path) -> set[str]:
    """The fragments that a page's headings can be reached by."""
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(plain.strip().replace(" ", "-"))
    return found


def tables(page: Path, under: str) -> list[list[str]]:
    """The rows of the first Markdown table below a heading, its own header left out; cells without backticks."""
    text = page.read_text(encoding="utf-8")
    _, _, section = text.partition(f"\n{under}\n")
    assert section, f"{page.name} has no heading {under!r}"
    section = re.split(r"^#", section, maxsplit=1, flags=re.MULTILINE)[0]
    rows = [line.strip().strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().replace("`", "") for cell in row] for row in rows[2:]]
