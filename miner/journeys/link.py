"""Which interactions belong together: explicit references first, then the same customer and intent in the window.

One pass over the interactions in order of their start; each goes to exactly one journey, and
each link keeps its basis. Links of a lower probability (identity matching) will join here.
"""

from __future__ import annotations

from typing import Any, NamedTuple


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


def link(interactions: dict[str, list[Any]], references: list[tuple[str, str, str]],
         window_us: int) -> tuple[list[str], list[Link]]:  # fmt: skip
    """The journey of each interaction, and the links.

    `interactions` has columns interaction_id, started_us, ended_us, customer, intent, sorted by
    (started_us, interaction_id); `references` are (interaction, interaction it names, basis).
    A journey is called after its first interaction.
    """
    ids = interactions["interaction_id"]
    place = {name: i for i, name in enumerate(ids)}
    parent = list(range(len(ids)))
    links: list[Link] = []
    for one, other, basis in references:
        a, b = place[one], place[other]
        if _root(parent, a) != _root(parent, b):
            links.append(Link(one, other, basis, 1.0))
            low, high = sorted((_root(parent, a), _root(parent, b)))
            parent[high] = low
    groups = _groups(interactions, parent)
    _join_by_customer(groups, ids, parent, window_us, links)
    return [ids[_root(parent, i)] for i in range(len(ids))], links


def _root(parent: list[int], i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


def _groups(interactions: dict[str, list[Any]], parent: list[int]) -> list[_Group]:
    found: dict[int, _Group] = {}
    columns = (interactions[c] for c in ("started_us", "ended_us", "customer", "intent"))
    for i, row in enumerate(zip(*columns, strict=True)):
        group = _Group(i, *row)
        root = _root(parent, i)
        if root in found:
            found[root].take(group)
        else:
            found[root] = group
    return list(found.values())


def _join_by_customer(groups: list[_Group], ids: list[str], parent: list[int], window_us: int, links: list[Link]) -> None:
    """A group joins the customer's latest journey of the same or unknown intent that ended at most a window before."""
    journeys: dict[str, list[_Group]] = {}
    for group in groups:
        open_ones = [j for c in sorted(group.customers) for j in journeys.get(c, []) if group.started - j.ended <= window_us]
        fitting = [j for j in open_ones if None in (j.intent, group.intent) or j.intent == group.intent]
        if fitting:
            journey = max(fitting, key=lambda j: (j.intent == group.intent, j.ended, -j.first))
            basis = "customer and intent" if group.intent is not None and journey.intent == group.intent else "customer"
            links.append(Link(ids[group.first], ids[journey.last], basis, 1.0))
            parent[group.first] = journey.first
            journey.take(group)
        else:
            journey = group
        for customer in group.customers:
            kept = [j for j in journeys.get(customer, []) if group.started - j.ended <= window_us and j is not journey]
            journeys[customer] = [*kept, journey]
