"""How steady contacts are, by trying every gap (documentation: People and machines)."""

from __future__ import annotations

from itertools import pairwise


def share(starts: list[int], width: float) -> float:
    """The largest share of gaps between a gap and that gap and twice the width, or 5 s, more."""
    gaps = [after - before for before, after in pairwise(starts)]
    held = [sum(low <= gap <= low + max(5_000_000, 2 * width * low) for gap in gaps) for low in gaps if low > 5_000_000]
    return max(held) / len(gaps)
