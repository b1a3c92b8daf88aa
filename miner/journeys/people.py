"""Which profiles are one person: by the same key first, by likeness where that was asked for.

A key that several people share joins nobody by itself: where the ids or the names behind a number differ, it joins
only those that agree; behind too many it is a shared line.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from miner.journeys.keys import Profile, namespace
from miner.journeys.names import Name, any_differ, fullest
from miner.journeys.sets import DisjointSets

MOST_PEOPLE = 4  # behind one number or address; more are a switchboard, a shop, a shared desk
FREQUENT, FREQUENT_SHARE = 50, 0.01  # contacts of a key that nothing else backs
_RANK = {"id": 0, "email": 2, "phone": 3, "device": 4}


Key = tuple[str, str]


@dataclass
class Joined:
    """Profiles joined by the same key; which keys several people share, and which are no keys because many do."""

    groups: DisjointSets
    contested: set[Key] = field(default_factory=set)
    crowded: set[Key] = field(default_factory=set)


@dataclass
class People:
    """The person of each profile at a level of certainty, and how sure that is (1.0: by the same key)."""

    person: list[int]
    probability: list[float]
    group: list[int]  # profiles of one group are joined by the same key
    names: list[str | None]  # the key that a person is called by, by profile; None: nothing tells them from others


def by_keys(profiles: Sequence[Profile], counts: Sequence[int]) -> Joined:
    """Profiles joined by the same id, then address, number, device; `counts` are their contacts.

    What a surer key has told of somebody counts with the next: who is known by an address is no longer a nameless
    caller at the household's number.
    """
    made = Joined(groups := DisjointSets(len(profiles)))
    behind: dict[Key, list[int]] = defaultdict(list)
    total = Counter[str]()
    for i, profile in enumerate(profiles):
        for key in profile.known_by():
            behind[key].append(i)
            total[key[0]] += counts[i]
    known = [_Known(profile) for profile in profiles]
    for key, members in sorted(behind.items(), key=lambda item: _RANK[item[0][0]]):
        if key[0] == "id":
            parts: list[list[int]] | None = [members]
        elif _is_frequent(members, profiles, counts, total[key[0]]):
            parts = None
        else:
            parts = _agreeing(sorted({groups.root(i) for i in members}), known)
        if parts is None:
            made.crowded.add(key)
            continue
        if len(parts) > 1:
            made.contested.add(key)
        for part in parts:
            for other in part[1:]:
                _join(groups, known, part[0], other)
    return made


def _join(groups: DisjointSets, known: list[_Known], a: int, b: int) -> None:
    one, other = groups.root(a), groups.root(b)
    if one != other:
        groups.join(one, other)
        low, high = sorted((one, other))
        known[low].take(known[high])


def _is_frequent(members: list[int], profiles: Sequence[Profile], counts: Sequence[int], total: int) -> bool:
    """A key of very many contacts whom nothing else names is a shared line."""
    contacts = sum(counts[i] for i in members)
    if contacts <= max(FREQUENT, FREQUENT_SHARE * total):
        return False
    backed = sum(counts[i] for i in members if profiles[i].ids or profiles[i].family)
    return 2 * backed < contacts


def _agreeing(roots: list[int], known: list[_Known]) -> list[list[int]] | None:
    """The people behind one key, each with the groups that are theirs; None where they are too many.

    Groups of which nothing else is known belong to the person where there is one only, and stay alone where there
    are several; so do those with a single word for a name, of the people whom it fits.
    """
    if len(roots) < 2:
        return [roots]
    parts: list[tuple[_Known, list[int]]] = []
    for root in sorted((root for root in roots if not known[root].bare), key=lambda root: known[root].is_vague):
        fitting = [part for part in parts if part[0].fits(known[root])]
        if known[root].is_vague and len(fitting) > 1:
            continue
        part = fitting[0] if fitting else None
        if part is None:
            if len(parts) == MOST_PEOPLE:
                return None
            parts.append(part := (_Known(), []))
        part[0].take(known[root])
        part[1].append(root)
    if len(parts) < 2:
        return [[*(parts[0][1] if parts else ()), *(root for root in roots if known[root].bare)]]
    return [members for _, members in parts]


class _Known:
    """What is known of somebody that tells them from others behind the same key: ids and names."""

    __slots__ = ("ids", "names")

    def __init__(self, profile: Profile | None = None):
        self.ids = frozenset(profile.ids if profile else ())
        name = (profile.given, profile.family) if profile else (None, None)
        self.names = frozenset([name] if any(name) else ())

    @property
    def bare(self) -> bool:
        """Whether it is nothing."""
        return not self.ids and not self.names

    @property
    def is_vague(self) -> bool:
        """Whether it is no more than a single word of a name, which several may have."""
        return not self.ids and not any(given for given, _ in self.names)

    def fits(self, other: _Known) -> bool:
        """Whether both can be one person: an id in common, else no other name, else no other id of one system."""
        if self.ids & other.ids:
            return True
        if self.names and other.names:
            return not any_differ(self.names, other.names)
        return {namespace(key) for key in self.ids}.isdisjoint(map(namespace, other.ids))

    def take(self, other: _Known) -> None:
        """Know what is known of the other as well."""
        self.ids |= other.ids
        self.names = fullest(self.names | other.names)


def joined(
    profiles: Sequence[Profile], by: Joined, pairs: Iterable[tuple[int, int, float]] = (), least: float = 0.5
) -> People:
    """People from groups and likely pairs (profile, profile, probability), the surest pair first.

    Two groups with clearly different names never become one.
    """
    group = [by.groups.root(i) for i in range(len(profiles))]
    people = DisjointSets(len(profiles))
    people.parent = list(group)
    sure: dict[int, float] = defaultdict(lambda: 1.0)
    called = names_of(profiles, group)
    for a, b, probability in sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])):
        one, other = people.root(a), people.root(b)
        if probability < least:
            break
        if one == other or any_differ(called[one], called[other]):
            continue
        people.join(one, other)
        called[people.root(one)] = called[one] | called[other]
        for root in (group[a], group[b]):
            sure[root] = min(sure[root], probability)
    person = [people.root(i) for i in range(len(profiles))]
    names = _names(profiles, by, person)
    return People(person, [sure[g] for g in group], group, [names.get(p) for p in person])


def names_of(profiles: Sequence[Profile], group: Sequence[int]) -> dict[int, set[Name]]:
    """The names of each group."""
    found: dict[int, set[Name]] = defaultdict(set)
    for profile, root in zip(profiles, group, strict=True):
        if profile.given or profile.family:
            found[root].add((profile.given, profile.family))
    return defaultdict(set, {root: set(fullest(names)) for root, names in found.items()})


def _names(profiles: Sequence[Profile], by: Joined, person: list[int]) -> dict[int, str]:
    """What each person is called: a declared id, else an id of a system, an address, a number, a device.

    What several people share is told apart by the first name, else the last; without any it is the household's.
    """
    best: dict[int, tuple[int, str]] = {}
    for profile, root in zip(profiles, person, strict=True):
        for kind, value in profile.known_by():
            name, rank = value, _RANK[kind] + (kind == "id" and namespace(value) != "")
            if (kind, value) in by.crowded:
                continue
            if (kind, value) in by.contested:
                name, rank = " ".join(filter(None, (value, profile.given or profile.family))), rank + 10
            if root not in best or (rank, name) < best[root]:
                best[root] = rank, name
    for i, (profile, root) in enumerate(zip(profiles, person, strict=True)):
        if root not in best and i != root:  # several that are alike and have no key of their own
            best[root] = 20, " ".join(filter(None, ("~", profile.given, profile.family, profile.postcode, str(root))))
    return {root: name for root, (_, name) in best.items()}
