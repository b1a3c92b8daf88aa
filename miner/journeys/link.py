"""Which interactions belong together: explicit references first, then the same customer and intent in the window.

One pass over the interactions in order of their start; each goes to exactly one journey, and
each link keeps its basis: why the customer is the same one, and whether the intent is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from miner.journeys.sets import DisjointSets


class Link(NamedTuple):
    """A later interaction joined to an earlier one, with the basis and its probability."""

    from_interaction: str
    to_interaction: str
    basis: str
    probability: float


class _Group:
    """Interactions that references hold together, and later the journey they grow into."""

    __slots__ = ("customers", "ended", "first", "intent", "last", "started")

    def __init__(self, number: int, started: int, ended: int, customer: str | None, intent: str | None):
        self.first = self.last = number
        self.started, self.ended, self.intent = started, ended, intent
        self.customers = {customer} if customer is not None else set()

    def take(self, other: _Group) -> None:
        """Let a later group become part of this one."""
        self.ended = max(self.ended, other.ended)
        self.intent = self.intent if self.intent is not None else other.intent
        self.customers |= other.customers
        self.last = max(self.last, other.last)


def _declared(one: str, other: str) -> tuple[str, float]:
    return "customer", 1.0


def link(
    interactions: dict[str, list[Any]],
    references: list[tuple[str, str, str]],
    window_us: int,
    same: Callable[[str, str], tuple[str, float]] = _declared,
) -> tuple[list[str], list[Link]]:
    """The journey of each interaction, and the links.

    `interactions` has columns interaction_id, started_us, ended_us, customer, intent, sorted by
    (started_us, interaction_id); `references` are (interaction, interaction it names, basis); `same` says why two
    interactions of one customer are one customer's, with the probability. A journey is called after its first
    interaction.
    """
    ids = interactions["interaction_id"]
    place = {name: i for i, name in enumerate(ids)}
    sets = DisjointSets(len(ids))
    links: list[Link] = []
    for one, other, basis in references:
        a, b = place[one], place[other]
        if sets.join(a, b):
            links.append(Link(one, other, basis, 1.0))
    groups = _groups(interactions, sets)
    _join_by_customer(groups, ids, sets, window_us, links, same)
    return [ids[sets.root(i)] for i in range(len(ids))], links


def _groups(interactions: dict[str, list[Any]], sets: DisjointSets) -> list[_Group]:
    found: dict[int, _Group] = {}
    columns = (interactions[c] for c in ("started_us", "ended_us", "customer", "intent"))
    for i, row in enumerate(zip(*columns, strict=True)):
        group = _Group(i, *row)
        root = sets.root(i)
        if root in found:
            found[root].take(group)
        else:
            found[root] = group
    return list(found.values())


def _join_by_customer(
    groups: list[_Group],
    ids: list[str],
    sets: DisjointSets,
    window_us: int,
    links: list[Link],
    same: Callable[[str, str], tuple[str, float]],
) -> None:
    """A group joins the customer's latest journey of the same or unknown intent that ended at most a window before."""
    journeys = _Open(window_us)
    for group in groups:
        journey = journeys.fitting(group)
        if journey is None:
            journeys.keep(group)
            continue
        basis, probability = same(ids[group.first], ids[journey.last])
        if group.intent is not None and journey.intent == group.intent:
            basis += " and intent"
        links.append(Link(ids[group.first], ids[journey.last], basis, probability))
        sets.join(group.first, journey.first)
        before = (journey.ended, journey.intent, len(journey.customers))
        journey.take(group)
        if before != (journey.ended, journey.intent, len(journey.customers)):
            journeys.keep(journey)


class _Open:
    """The journeys that a later group may still join, found without looking at all of them.

    Groups come in order of their start and ends only grow, so a journey that is out of the window stays out, and of
    each customer only the latest of an intent, the latest of all and those of unknown intent have to be known.
    """

    def __init__(self, window_us: int):
        self._window = window_us
        self._named: dict[tuple[str, str], _Group] = {}
        self._latest: dict[str, _Group] = {}
        self._unnamed: dict[str, list[_Group]] = {}

    def fitting(self, group: _Group) -> _Group | None:
        """The journey to join: of the same intent first, then what ended last, then what began first."""
        found: list[_Group] = []
        if group.intent is not None:
            found = self._open(group, (self._named.get((c, group.intent)) for c in group.customers))
        if not found:
            found = self._open(group, (j for c in group.customers for j in self._unnamed_of(c, group)))
        if not found and group.intent is None:
            found = self._open(group, (self._latest.get(c) for c in group.customers))
        return max(found, key=_rank, default=None)

    def keep(self, journey: _Group) -> None:
        """Remember a journey that is new, or ends later, or has another intent or customer than before."""
        for customer in journey.customers:
            _better(self._latest, customer, journey)
            if journey.intent is not None:
                _better(self._named, (customer, journey.intent), journey)
            elif journey not in (unnamed := self._unnamed.setdefault(customer, [])):
                unnamed.append(journey)

    def _unnamed_of(self, customer: str, group: _Group) -> list[_Group]:
        """A customer's journeys of unknown intent; those that got one, or are out of the window, are forgotten."""
        kept = [
            j for j in self._unnamed.get(customer, ()) if j.intent is None and group.started - j.ended <= self._window
        ]
        if customer in self._unnamed:
            self._unnamed[customer] = kept
        return kept

    def _open(self, group: _Group, journeys: Iterable[_Group | None]) -> list[_Group]:
        return [j for j in journeys if j is not None and group.started - j.ended <= self._window]


def _rank(journey: _Group) -> tuple[int, int]:
    return journey.ended, -journey.first


def _better(best: dict[Any, _Group], key: object, journey: _Group) -> None:
    if key not in best or _rank(best[key]) < _rank(journey):
        best[key] = journey
