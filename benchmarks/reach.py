"""What limits identity on made-up contacts: calls with tickets, what false pairs share, which pairs share nothing.

Works on the same lists as the scores of identity.py: the contacts, the person found for each, the keys of each.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from people import Contact

Key = tuple[str, str]


def pairs(groups: Sequence[int]) -> Iterator[tuple[int, int]]:
    """All pairs of contacts in one group."""
    members: dict[int, list[int]] = defaultdict(list)
    for at, group in enumerate(groups):
        members[group].append(at)
    for each in members.values():
        yield from combinations(each, 2)


def calls_and_tickets(made: Sequence[Contact], found: Sequence[int], keys: Sequence[set[Key]]) -> tuple[float, float]:
    """The recall of pairs of a call and a ticket: of those with a key in common, and of all."""
    count = Counter[tuple[bool, bool]]()
    for a, b in pairs([contact.person for contact in made]):
        if {made[a].channel, made[b].channel} == {"call", "ticket"}:
            count[bool(keys[a] & keys[b]), found[a] == found[b]] += 1
    every, right = count.total(), count[True, True] + count[False, True]
    return count[True, True] / max(1, count[True, True] + count[True, False]), right / max(1, every)


def false_pairs(made: Sequence[Contact], found: Sequence[int], keys: Sequence[set[Key]]) -> Counter[str]:
    """The pairs of two people that were joined, by the kinds of keys that any of their contacts there share."""
    groups: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for at, contact in enumerate(made):
        groups[found[at]][contact.person].append(at)
    count = Counter[str]()
    for people in groups.values():
        for one, other in combinations(people.values(), 2):
            shared = set().union(*(keys[at] for at in one)) & set().union(*(keys[at] for at in other))
            kinds = " and ".join(sorted({kind for kind, _ in shared}))
            count[kinds or "no key"] += len(one) * len(other)
    return count


def unreachable(made: Sequence[Contact], keys: Sequence[set[Key]]) -> Counter[str]:
    """The pairs of one person without any key in common, by their channels."""
    return Counter(
        " and ".join(sorted((made[a].channel, made[b].channel)))
        for a, b in pairs([contact.person for contact in made])
        if not keys[a] & keys[b]
    )


def said(count: Counter[str]) -> str:
    """The shares of a count in words, the largest first."""
    every = max(1, count.total())
    return f"{count.total():,}: " + ", ".join(f"{n / every:.0%} {words}" for words, n in count.most_common(6))
