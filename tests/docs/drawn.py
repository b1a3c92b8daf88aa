"""The drawings of docs/definitions.md: a journey, its picture where it has one, and the numbers said of it."""

from __future__ import annotations

from tests.docs.lanes import facts, picture, value
from tests.docs.pages import Block

SAID = "= "


def parts(block: Block) -> tuple[str, str, list[str]]:
    """The drawing (a line a journey), the picture below it or "", and the lines of numbers."""
    lines = block.text.splitlines()
    said = [line.removeprefix(SAID) for line in lines if line.startswith(SAID)]
    above = [line for line in lines if not line.startswith(SAID)]
    drawing, _, shown = "\n".join(above).partition("\n\n")
    return drawing.strip(), shown.strip("\n"), said


def wrong(block: Block) -> list[str]:
    """What the page says of a drawing that the measures do not."""
    drawing, _, said = parts(block)
    known, found = facts(drawing), []
    for fact in (fact for line in said for fact in line.split(" · ")):
        name, colon, stated = fact.partition(": ")
        assert colon and name in known, f"{block.name}: nothing is known of {name!r}"
        real = known[name]
        if not _equal(value(stated), real):
            found.append(f"{name} is {real}, not {stated}")
    return found


def _equal(stated: object, real: object) -> bool:
    if isinstance(real, list) and not isinstance(stated, list):
        stated = [stated]
    return stated == real


def redrawn(block: Block) -> str:
    """The block with its picture drawn anew; the same where it has none."""
    drawing, shown, said = parts(block)
    if not shown:
        return block.text
    return "\n".join([drawing, "", picture(drawing), "", *(SAID + line for line in said)]) + "\n"
