"""How a leg of an Amazon Connect call grew out of the one before, and from when on it is its agent's.

A transfer, a consult and a conference look alike in the records. They are told apart as Amazon's own
documentation does, by the starts of after-contact work and by TransferCompletedTimestamp.
"""

from __future__ import annotations

from typing import cast

from miner.readers.calls.connect_record import Leg
from miner.readers.shared.staging import Staged

HELPS = ("consult_only", "conference")  # the leg's agent takes nothing over
_CONSULT_S = 2


class Chain:
    """The legs that share their first contact, in order of their start, and how they hang together."""

    def __init__(self, staged: list[Staged]):
        self.staged = _parents_first(staged)
        self.legs = [cast(Leg, one.body) for one in self.staged]
        self.by_id = {leg["id"]: leg for leg in self.legs}
        self.kinds = {leg["id"]: self._kind(leg) for leg in self.legs}
        self.owned_from = {leg["id"]: self._owned_from(leg) for leg in self.legs}

    def before(self, leg: Leg) -> Leg | None:
        """The leg that one grew out of, where it is in the export."""
        return self.by_id.get(leg["previous"] or "")

    def after(self, leg: Leg) -> list[Leg]:
        """The legs that grew out of one."""
        return [other for other in self.legs if other["previous"] == leg["id"] and other is not leg]

    def _kind(self, leg: Leg) -> str | None:
        """How a leg grew out of the one before: a handoff kind, queue, callback, or None."""
        method, before = leg["method"], self.before(leg)
        if method == "MONITOR" or before is None or before is leg:
            return None
        if method in ("QUEUE_TRANSFER", "CALLBACK"):
            return "queue" if method == "QUEUE_TRANSFER" else "callback"
        if method == "EXTERNAL_OUTBOUND" and leg["connected"] is None:
            return _external(before, leg)
        return _transfer(before, leg) if method in ("TRANSFER", "EXTERNAL_OUTBOUND") else None

    def _owned_from(self, leg: Leg) -> int | None:
        """From when on a leg is its agent's own; None for who was not connected, only helps or listens in."""
        kind = self.kinds[leg["id"]]
        if leg["connected"] is None or kind in HELPS or leg["method"] == "MONITOR":
            return None
        before = self.before(leg) if kind == "consult" else None
        return before["transferred"] if before else leg["connected"]


def _parents_first(staged: list[Staged]) -> list[Staged]:
    """Legs in order of their start; of those that start in one moment, those that others grew out of come first."""
    before = {one.body["id"]: one.body["previous"] for one in staged}
    depths: dict[str, int] = {}
    for key in before:
        path: dict[str, None] = {}
        while key in before and key not in depths and key not in path:
            path[key] = None
            key = before[key]
        above = depths.get(key, -1)
        depths |= {one: above + number for number, one in enumerate(reversed(path), 1)}
    return sorted(staged, key=lambda one: (one.at, depths[one.body["id"]]))


def _transfer(before: Leg, leg: Leg) -> str:
    mine, theirs = leg["wrap_start"], before["wrap_start"]
    if before["transferred"] is not None and (mine is None or theirs is None or theirs <= mine):
        warm = leg["connected"] is not None and leg["connected"] < before["transferred"]
        return "consult" if warm else "blind"
    left = theirs if theirs is not None else before["ended"]
    if left is not None and leg["connected"] is not None and left <= leg["connected"]:
        return "blind"  # nobody was there to be asked by
    return "conference" if (leg["talk_s"] or 0) > _CONSULT_S else "consult_only"


def _external(before: Leg, leg: Leg) -> str:
    if before["transferred"] is not None and leg["ended"] is not None and leg["ended"] > before["transferred"]:
        return "external"
    return "consult_only" if (before["hold_s"] or 0) > (leg["external_s"] or 0) else "conference"
