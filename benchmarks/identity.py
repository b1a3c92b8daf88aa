"""How well the people behind made-up contacts are found again: precision, recall, B-cubed per threshold.

python -m benchmarks.identity                      # the tables of docs/identity.md, for 10⁵ contacts
python -m benchmarks.identity --contacts 20000 --seed 3
python -m benchmarks.identity --generator callers  # one of the tables: real, hard, callers
python -m benchmarks.identity --records people.csv # another data set: CSV with the columns person and any of
                                                   # name, phone, email, device, address, postcode
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from callers import callers
from people import HARD, REAL, Contact, contacts
from reach import calls_and_tickets, false_pairs, said, unreachable

from miner.journeys.keys import Profile, Reading
from miner.journeys.people import MOST_PEOPLE, Joined, by_keys, joined
from miner.journeys.similar import Pair, likely

Key = tuple[str, str]
GENERATORS: dict[str, Callable[[int, int], list[Contact]]] = {
    "real": lambda count, seed: contacts(count, seed, REAL),
    "hard": lambda count, seed: contacts(count, seed, HARD),
    "callers": callers,
}


@dataclass(frozen=True)
class Score:
    """Pairs of contacts that were joined: how many of them rightly, and how many of those to join."""

    precision: float
    recall: float  # of all pairs of one person
    recall_usable: float  # of those that share any of the keys
    usable: float  # the share of pairs that do
    b_cubed: tuple[float, float]  # precision and recall, the mean over contacts
    clusters: int


def score(truth: Sequence[int], found: Sequence[int], keys: Sequence[set[Key]]) -> Score:
    """How well `found` gives `truth` back; `keys` are what each contact can be found by."""
    both = Counter(zip(truth, found, strict=True))
    pairs = {
        name: sum(n * (n - 1) // 2 for n in count.values())
        for name, count in (("both", both), ("truth", Counter(truth)), ("found", Counter(found)))
    }
    members: dict[int, list[int]] = defaultdict(list)
    for i, person in enumerate(truth):
        members[person].append(i)
    usable = right = 0
    for group in members.values():
        for a, b in combinations(group, 2):
            if keys[a] & keys[b]:
                usable += 1
                right += found[a] == found[b]
    sizes, theirs = Counter(found), Counter(truth)
    precise = sum(both[t, f] / sizes[f] for t, f in zip(truth, found, strict=True)) / len(truth)
    whole = sum(both[t, f] / theirs[t] for t, f in zip(truth, found, strict=True)) / len(truth)
    return Score(
        pairs["both"] / max(1, pairs["found"]),
        pairs["both"] / max(1, pairs["truth"]),
        right / max(1, usable),
        usable / max(1, pairs["truth"]),
        (precise, whole),
        len(sizes),
    )


@dataclass
class Read:
    """Contacts as the product sees them: their profiles, the profile of each, and the likely pairs."""

    profiles: list[Profile]
    places: list[int]
    by: Joined
    pairs: list[Pair]
    seconds: tuple[float, float]  # by the clock, of work

    def found(self, least: float) -> list[int]:
        """The person of each contact at a level of certainty; above 1 is by keys alone."""
        person = joined(self.profiles, self.by, self.pairs, least).person
        return [person[i] for i in self.places]


def read(made: Sequence[Contact], region: str | None = "DE") -> Read:
    """Profiles as `miner run` makes them; who has no key stands alone."""
    began, cpu = time.perf_counter(), time.process_time()
    reading, numbers, profiles, places = Reading(region), dict[Profile, int](), list[Profile](), list[int]()
    for contact in made:
        profile = reading.profile(None, json.dumps(contact.said))
        at = numbers.setdefault(profile, len(profiles)) if profile.known_by() else len(profiles)
        if at == len(profiles):
            profiles.append(profile)
        places.append(at)
    counts = Counter(places)
    by = by_keys(profiles, [counts[i] for i in range(len(profiles))])
    pairs = likely(profiles, [by.groups.root(i) for i in range(len(profiles))], 0.3)
    return Read(profiles, places, by, pairs, (time.perf_counter() - began, time.process_time() - cpu))


def known_by(profile: Profile) -> set[Key]:
    """What a person can be found by: numbers, addresses, devices, a street with its postcode, a full name."""
    whole = profile.named and len(profile.given or "") > 1
    name = {("name", f"{profile.given} {profile.family}")} if whole else set()
    home = {("address", f"{profile.address} {profile.postcode}")} if profile.address else set()
    return {*profile.known_by(), *name, *home}


def keys_of(made: Sequence[Contact], found: Read, most: int) -> list[set[Key]]:
    """The keys of each contact that at most so many people of the data have."""
    every = [known_by(found.profiles[i]) for i in found.places]
    users: dict[Key, set[int]] = defaultdict(set)
    for contact, known in zip(made, every, strict=True):
        for key in known:
            users[key].add(contact.person)
    return [{key for key in known if len(users[key]) <= most} for known in every]


def table(made: Sequence[Contact], region: str | None = "DE") -> str:
    """The figures of some contacts as a table in Markdown."""
    found = read(made, region)
    truth = [contact.person for contact in made]
    usable, own = keys_of(made, found, MOST_PEOPLE), keys_of(made, found, 1)
    lines = [
        "| at least | precision | recall, a usable key | recall, a key of theirs alone | recall, all | "
        "B³ precision / recall | people found |",
        "|---|---|---|---|---|---|---|",
    ]
    for words, least in (("the same key", 1.1), *((str(p), p) for p in (0.95, 0.9, 0.8, 0.7, 0.5, 0.3))):
        people = found.found(least)
        one, other = score(truth, people, usable), score(truth, people, own)
        figures = (one.precision, one.recall_usable, other.recall_usable, one.recall)
        lines.append(
            f"| {words} | {' | '.join(f'{x:.4f}' for x in figures)} | "
            f"{one.b_cubed[0]:.4f} / {one.b_cubed[1]:.4f} | {one.clusters:,} |"
        )
    wall, work = found.seconds
    shares = [1 - score(truth, truth, keys).usable for keys in (usable, own)]
    words = (
        f"{len(made):,} contacts of {len(set(truth)):,} people; {shares[0]:.1%} of the pairs share no usable key, "
        f"{shares[1]:.1%} none of theirs alone; {wall:.0f} s ({work:.0f} s of work)"
    )
    return "\n".join([*lines, words, *limits(made, found, usable)])


def limits(made: Sequence[Contact], found: Read, usable: Sequence[set[Key]]) -> list[str]:
    """What limits the figures of contacts whose channels are known."""
    if not any(contact.channel for contact in made):
        return []
    every = keys_of(made, found, len(made))
    lines = [f"pairs of one person without any key in common {said(unreachable(made, every))}"]
    for least in (0.9, 0.5):
        people = found.found(least)
        near, whole = calls_and_tickets(made, people, usable)
        lines += [
            f"calls and tickets at {least}: recall {near:.4f} with a usable key, {whole:.4f} of all",
            f"false pairs at {least} {said(false_pairs(made, people, every))}",
        ]
    return lines


def records(path: Path) -> list[Contact]:
    """Contacts of a CSV with known truth in its column `person`."""
    with path.open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    numbers = {name: n for n, name in enumerate(dict.fromkeys(row["person"] for row in rows))}
    return [Contact(numbers[row["person"]], {k: v for k, v in row.items() if k != "person" and v}) for row in rows]


def main() -> None:
    """Print the tables of docs/identity.md."""
    import argparse

    parser = argparse.ArgumentParser(description="Precision and recall of identity on made-up contacts.")
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=202)
    parser.add_argument("--generator", choices=list(GENERATORS), help="one of the tables instead of all")
    parser.add_argument("--records", type=Path, help="another data set")
    asked = parser.parse_args()
    if asked.records:
        print(table(records(asked.records), None))
        return
    for name in [asked.generator] if asked.generator else GENERATORS:
        print(f"\n{name.upper()}\n{table(GENERATORS[name](asked.contacts, asked.seed))}")


if __name__ == "__main__":
    main()
