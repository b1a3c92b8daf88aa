"""Which profiles are one person: by the same key first, by likeness where that was asked for.

A key that several people share joins nobody by itself: where the ids or the first names behind a number
differ, it joins only those that agree; behind too many it is a shared line.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from miner.journeys.keys import Profile, namespace
from miner.journeys.names import conflict

MOST_PEOPLE = 4  # behind one number or address; more are a switchboard, a shop, a shared desk
FREQUENT, FREQUENT_SHARE = 50, 0.01  # contacts of a key that nothing else backs
_RANK = {"id": 0, "email": 2, "phone": 3, "device": 4}


Key = tuple[str, str]


class Groups:
    """Disjoint sets of numbers."""

    def __init__(self, count: int):
        self.parent = list(range(count))

    def root(self, i: int) -> int:
        """The least number of a set."""
        parent = self.parent
        while parent[i] != i:
            i = parent[i] = parent[parent[i]]
        return i

    def join(self, a: int, b: int) -> None:
        """Make two sets one."""
        low, high = sorted((self.root(a), self.root(b)))
        self.parent[high] = low


@dataclass
class Joined:
    """Profiles joined by the same key; which keys several people share, and which are no keys because many do."""

    groups: Groups
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
    """Profiles joined by the same id, number, address or device; `counts` are their contacts."""
    made = Joined(groups := Groups(len(profiles)))
    behind: dict[Key, list[int]] = defaultdict(list)
    total = Counter[str]()
    for i, profile in enumerate(profiles):
        for key in profile.known_by():
            behind[key].append(i)
            total[key[0]] += counts[i]
    for (kind, _), members in behind.items():
        if kind == "id":
            for other in members[1:]:
                groups.join(members[0], other)
    for key, members in behind.items():
        if key[0] == "id":
            continue
        parts = None if _is_frequent(members, profiles, counts, total[key[0]]) else _agreeing(members, profiles)
        if parts is None:
            made.crowded.add(key)
            continue
        if len(parts) > 1:
            made.contested.add(key)
        for part in parts:
            for other in part[1:]:
                groups.join(part[0], other)
    return made


def _is_frequent(members: list[int], profiles: Sequence[Profile], counts: Sequence[int], total: int) -> bool:
    """A key of very many contacts whom nothing else names is a shared line."""
    contacts = sum(counts[i] for i in members)
    if contacts <= max(FREQUENT, FREQUENT_SHARE * total):
        return False
    backed = sum(counts[i] for i in members if profiles[i].ids or profiles[i].given)
    return 2 * backed < contacts


def _agreeing(members: list[int], profiles: Sequence[Profile]) -> list[list[int]] | None:
    """The people behind one key, each with their profiles; None where they are too many.

    Profiles that say nothing else belong to the person where there is one only, and stay alone where there
    are several.
    """
    if len(members) < 2:
        return [members]
    bare = [i for i in members if not profiles[i].ids and profiles[i].given is None]
    parts: list[_Part] = []
    for i in members:
        if not profiles[i].ids and profiles[i].given is None:
            continue
        part = next((p for p in parts if p.fits(profiles[i])), None)
        if part is None:
            if len(parts) == MOST_PEOPLE:
                return None
            parts.append(part := _Part())
        part.take(i, profiles[i])
    if len(parts) < 2:
        return [[*(parts[0].members if parts else ()), *bare]]
    return [part.members for part in parts]


class _Part:
    """One person behind a key, as far as ids and first names tell."""

    def __init__(self) -> None:
        self.members: list[int] = []
        self.ids: dict[str, set[str]] = defaultdict(set)
        self.given: set[str] = set()
        self.family: set[str] = set()

    def fits(self, profile: Profile) -> bool:
        """Whether the profile can be theirs: the same id, or no other id of its system and no other first name."""
        if any(key in self.ids[namespace(key)] for key in profile.ids):
            return True
        if self.given and profile.given:
            swapped = profile.family in self.given and profile.given in self.family
            return swapped or not any(conflict(profile.given, given) for given in self.given)
        return not any(self.ids[namespace(key)] for key in profile.ids)

    def take(self, number: int, profile: Profile) -> None:
        self.members.append(number)
        for key in profile.ids:
            self.ids[namespace(key)].add(key)
        if profile.given:
            self.given.add(profile.given)
        if profile.family:
            self.family.add(profile.family)


def joined(profiles: Sequence[Profile], by: Joined, pairs: Iterable[tuple[int, int, float]] = (),
           least: float = 0.5) -> People:  # fmt: skip
    """People from groups and likely pairs (profile, profile, probability), the surest pair first.

    Two groups with clearly different first names never become one.
    """
    group = [by.groups.root(i) for i in range(len(profiles))]
    people = Groups(len(profiles))
    people.parent = list(group)
    sure: dict[int, float] = defaultdict(lambda: 1.0)
    given = _given_names(profiles, group)
    for a, b, probability in sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])):
        one, other = people.root(a), people.root(b)
        if probability < least:
            break
        if one == other or any(conflict(x, y) for x in given[one] for y in given[other]):
            continue
        people.join(one, other)
        given[people.root(one)] = given[one] | given[other]
        for root in (group[a], group[b]):
            sure[root] = min(sure[root], probability)
    person = [people.root(i) for i in range(len(profiles))]
    names = _names(profiles, by, person)
    return People(person, [sure[g] for g in group], group, [names.get(p) for p in person])


def _given_names(profiles: Sequence[Profile], group: list[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for profile, root in zip(profiles, group, strict=True):
        if profile.given:
            found[root].add(profile.given)
    return found


def _names(profiles: Sequence[Profile], by: Joined, person: list[int]) -> dict[int, str]:
    """What each person is called: a declared id, else an id of a system, an address, a number, a device.

    What several people share is told apart by the first name; without one it is the household that has it.
    """
    best: dict[int, tuple[int, str]] = {}
    for profile, root in zip(profiles, person, strict=True):
        for kind, value in profile.known_by():
            name, rank = value, _RANK[kind] + (kind == "id" and namespace(value) != "")
            if (kind, value) in by.crowded:
                continue
            if (kind, value) in by.contested:
                name, rank = f"{value} {profile.given}" if profile.given else value, rank + 10
            if root not in best or (rank, name) < best[root]:
                best[root] = rank, name
    for i, (profile, root) in enumerate(zip(profiles, person, strict=True)):
        if root not in best and i != root:  # several that are alike and have no key of their own
            best[root] = 20, " ".join(filter(None, ("~", profile.given, profile.family, profile.postcode, str(root))))
    return {root: name for root, (_, name) in best.items()}
