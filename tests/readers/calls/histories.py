"""Histories of calls with several legs, told once, and written down as each system exports them.

Times are seconds after the call came in. Whose a call is, how often it was handed over and came back, and how long
each agent talked for themselves is written by hand in `HISTORIES`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

HOME = {"ana": "Desk", "bo": "Network", "cem": "Desk"}
NUMBERS = {"ana": 2001, "bo": 3001, "cem": 2002}
OUTSIDE = "4930777888"


@dataclass(frozen=True)
class Leg:
    """An agent's part: in the queue, with the customer (or asked about them), and in the work after it.

    `takes`: when the call becomes theirs where they were asked before; None for who only helps.
    """

    who: str
    queued: int
    since: int
    until: int
    how: str = "first"  # first, blind, warm, consult, conference
    takes: int | None = None
    wrap: tuple[int, int] | None = None

    @property
    def team(self) -> str:
        return HOME[self.who]


@dataclass(frozen=True)
class Call:
    """The legs of a call, who was rung in vain, a leg outside (from, to), and what must be read from them."""

    legs: tuple[Leg, ...]
    end: int
    owners: tuple[str, ...]
    talk: dict[str, int] = field(default_factory=dict)  # seconds in which the call was the agent's
    missed: tuple[str, int, int] | None = None
    outside: tuple[int, int] | None = None

    @property
    def handoffs(self) -> int:
        return max(len(self.owners) - 1, 0)

    @property
    def returns(self) -> int:
        return sum(owner in self.owners[:i] for i, owner in enumerate(self.owners))

    def next_of(self, leg: Leg) -> Leg | None:
        """The leg that a leg was transferred to."""
        later = self.legs[self.legs.index(leg) + 1 :] if self.legs else ()
        return next((one for one in later if one.how in ("blind", "warm")), None)


def _ana(until: int, wrap: tuple[int, int] | None = None) -> Leg:
    return Leg("ana", 0, 60, until, wrap=wrap)


_BO = Leg("bo", 300, 360, 600, "blind")
_WARM = Leg("bo", 300, 320, 600, "warm", takes=400)
_BOTH = {"ana": 240, "bo": 240}

HISTORIES = {
    "answered": Call((_ana(300),), 300, ("Desk",), {"ana": 240}),
    "given up": Call((), 75, ()),
    "no answer": Call((_ana(300),), 300, ("Desk",), {"ana": 240}, missed=("cem", 40, 55)),
    "blind transfer": Call((_ana(300), _BO), 600, ("Desk", "Network"), _BOTH),
    "blind transfer, wrap-up while the next waits and talks": Call(
        (_ana(300, (300, 420)), _BO), 600, ("Desk", "Network"), _BOTH
    ),
    "warm transfer": Call((_ana(400), _WARM), 600, ("Desk", "Network"), {"ana": 340, "bo": 200}),
    "warm transfer, wrap-up from its moment on": Call(
        (_ana(400, (400, 460)), _WARM), 600, ("Desk", "Network"), {"ana": 340, "bo": 200}
    ),
    "warm transfer, wrap-up once the next has it": Call(
        (_ana(400, (401, 460)), _WARM), 600, ("Desk", "Network"), {"ana": 340, "bo": 200}
    ),
    "consult": Call((_ana(600), Leg("bo", 300, 320, 380, "consult")), 600, ("Desk",), {"ana": 540}),
    "consult, wrap-up of both": Call(
        (_ana(600, (600, 630)), Leg("bo", 300, 320, 380, "consult", wrap=(380, 400))), 600, ("Desk",), {"ana": 540}
    ),
    "conference": Call((_ana(600), Leg("bo", 300, 320, 500, "conference")), 600, ("Desk",), {"ana": 540}),
    "there and back": Call(
        (_ana(300), _BO, Leg("ana", 600, 640, 700, "blind")), 700, ("Desk", "Network", "Desk"), {"ana": 300, "bo": 240}
    ),
    "to a number outside": Call((_ana(300),), 500, ("Desk",), {"ana": 240}, outside=(300, 500)),
}

WRAPS = frozenset(title for title in HISTORIES if "wrap-up" in title)
HELPS = frozenset(("consult", "consult, wrap-up of both", "conference"))
SIMPLE = frozenset(("answered", "given up", "no answer"))
