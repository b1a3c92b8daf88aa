"""Made-up contacts with known truth: who wrote, called or chatted, with the mess of real records.

    python -m benchmarks.people            # precision and recall per threshold, seconds of 10⁵ contacts
    python -m benchmarks.people --contacts 20000

People share phones in households, mistype, move, call from work or with a withheld number, write from two
addresses, leave out most fields. Truth is the number of the person. Seeded: the same contacts each time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

_SYLLABLES = (
    "an ber da el fi ga ho is ju ka lo mar ni ol pe ra sa ti ur vo wen xa yl za bra cho dre fre gro kle".split()
)
_STREETS = "Haupt Garten Linden Schul Berg Wald Bahnhof Rosen Kirch Feld Mühlen See Markt Wiesen Ring Burg".split()
_SWITCHBOARDS = [f"+49405550{n:04d}" for n in range(20)]


@dataclass
class Person:
    """Somebody with what they can be known by; `old` is where they lived before."""

    number: int
    given: str
    family: str
    phone: str
    emails: list[str]
    address: tuple[str, str]
    old: tuple[str, str] | None
    device: str
    others: list[str] = field(default_factory=list)  # phones of others they call from


@dataclass(frozen=True)
class Contact:
    """One contact: who it was in truth, and what the record says (keys of RAW_INTERACTIONS.identity)."""

    person: int
    said: dict[str, str]


def contacts(count: int, seed: int = 7) -> list[Contact]:
    """So many contacts of about a third as many people."""
    dice = random.Random(seed)
    people = _people(max(2, count // 3), dice)
    made: list[Contact] = []
    while len(made) < count:
        person = dice.choice(people)
        made += [Contact(person.number, said) for said in _contacts(person, dice)]
    return made[:count]


def _names(dice: random.Random, count: int, syllables: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(dice.choice(_SYLLABLES) for _ in range(syllables)).capitalize()] = None
    return list(found)


def _people(count: int, dice: random.Random) -> list[Person]:
    given, family = _names(dice, 600, 2), _names(dice, 12_000, 3)
    common = [1 / (n + 3) for n in range(max(len(given), len(family)))]  # few names are frequent, most are rare
    people: list[Person] = []
    taken: set[str] = set()
    for number in range(count):
        name = dice.choices(given, common[: len(given)])[0]
        if people and dice.random() < 0.15:  # one more in the household of the one before
            other = people[-1]
            while name == other.given:
                name = dice.choices(given, common[: len(given)])[0]
            phone = other.phone if dice.random() < 0.3 else _phone(dice)
            last = other.family if dice.random() < 0.8 else dice.choices(family, common)[0]
            address = other.address
        else:
            phone, last, address = _phone(dice), dice.choices(family, common)[0], _address(dice)
        emails = [_email(name, last, dice, taken) for _ in range(1 + (dice.random() < 0.2))]
        old = _address(dice) if dice.random() < 0.06 else None
        device = f"{dice.getrandbits(64):016x}"
        person = Person(number, name, last, phone, emails, address, old, device)
        if dice.random() < 0.03:
            person.others.append(people[-1].phone if people else phone)
        if dice.random() < 0.02:
            person.others.append(dice.choice(_SWITCHBOARDS))
        people.append(person)
    return people


def _phone(dice: random.Random) -> str:
    return f"+49{dice.choice(('151', '160', '171', '30', '40', '89', '221'))}{dice.randrange(10**7, 10**8)}"


def _address(dice: random.Random) -> tuple[str, str]:
    return f"{dice.choice(_STREETS)}straße {dice.randrange(1, 150)}", f"{dice.randrange(1000, 99999):05d}"


def _email(given: str, family: str, dice: random.Random, taken: set[str]) -> str:
    """An address that nobody else has."""
    while True:
        form = dice.choice(("{g}.{f}", "{i}.{f}", "{g}{n}", "{f}{n}", "{g}_{f}{n}"))
        user = form.format(g=given.lower(), f=family.lower(), i=given[0].lower(), n=dice.randrange(1, 9999))
        made = f"{user}@{dice.choice(('web.example', 'mail.example', 'post.example', 'inbox.example'))}"
        if made not in taken:
            taken.add(made)
            return made


def _contacts(person: Person, dice: random.Random) -> Iterator[dict[str, str]]:
    """A few contacts of one person through the channels they like."""
    ways = dice.choices(("call", "mail", "chat", "form"), (4, 3, 3, 2), k=1 + int(dice.expovariate(0.45)))
    for way in ways:
        said: dict[str, str] = {}
        address, postcode = person.old if person.old and dice.random() < 0.5 else person.address
        known = {"name": 0.4, "phone": 0.95, "postcode": 0.2} if way == "call" else {}
        known = {"name": 0.7, "email": 1.0, "phone": 0.1} if way == "mail" else known
        known = {"name": 0.6, "email": 0.45, "device": 0.6} if way == "chat" else known
        known = known or {"name": 0.95, "email": 0.8, "phone": 0.6, "address": 0.75, "postcode": 0.8}
        whole = {"name": _name(person, dice), "email": dice.choice(person.emails), "phone": _number(person, dice),
                 "address": address, "postcode": postcode, "device": person.device}  # fmt: skip
        for key, share in known.items():
            if dice.random() < share:
                said[key] = _typo(whole[key], dice) if key != "device" and dice.random() < 0.05 else whole[key]
        yield said


def _name(person: Person, dice: random.Random) -> str:
    chance = dice.random()
    if chance < 0.06:
        return f"{person.given[0]}. {person.family}"
    if chance < 0.12:
        return f"{person.family}, {person.given}"
    return f"{person.given} {person.family}"


def _number(person: Person, dice: random.Random) -> str:
    chance = dice.random()
    if chance < 0.04:
        return "anonymous"
    number = dice.choice(person.others) if person.others and chance < 0.3 else person.phone
    if chance > 0.7:
        return "0" + number[3:6] + "/" + number[6:]
    return number if chance > 0.4 else number[:3] + " (0)" + number[3:6] + " " + number[6:]


def _typo(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text))
    kind = dice.random()
    if kind < 0.3:
        return text[:at] + text[at + 1 :]
    if kind < 0.6 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + dice.choice("0123456789" if text[at].isdigit() else "aeinrst") + text[at + 1 :]


@dataclass(frozen=True)
class Score:
    """Pairs of contacts that were joined: how many of them rightly, and how many of those to join."""

    precision: float
    recall: float  # of all pairs of one person
    recall_usable: float  # of those that share any usable key
    usable: float  # the share of pairs that do
    b_cubed: tuple[float, float]  # precision and recall, the mean over contacts


def score(truth: list[int], found: list[int], keys: list[set[tuple[str, str]]]) -> Score:
    """How well `found` gives `truth` back; `keys` are what each contact can be found by."""
    from collections import Counter, defaultdict
    from itertools import combinations

    both = Counter(zip(truth, found, strict=True))
    pairs = {name: sum(n * (n - 1) // 2 for n in count.values())
             for name, count in (("both", both), ("truth", Counter(truth)), ("found", Counter(found)))}  # fmt: skip
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
    return Score(pairs["both"] / max(1, pairs["found"]), pairs["both"] / max(1, pairs["truth"]),
                 right / max(1, usable), usable / max(1, pairs["truth"]), (precise, whole))  # fmt: skip


def main() -> None:
    """Print the table of docs/identity.md for so many contacts, and the seconds they took."""
    import argparse
    import json
    import time

    from miner.journeys.keys import Profile, Reading
    from miner.journeys.people import by_keys, joined
    from miner.journeys.similar import likely

    parser = argparse.ArgumentParser(description="Precision and recall of identity on made-up contacts.")
    parser.add_argument("--contacts", type=int, default=100_000)
    made = contacts(parser.parse_args().contacts)
    began, cpu = time.perf_counter(), time.process_time()
    reading, numbers, profiles, places = Reading("DE"), {}, [], []  # type: ignore[var-annotated]
    for contact in made:
        profile = reading.profile(None, json.dumps(contact.said))
        at = numbers.setdefault(profile, len(profiles)) if profile.known_by() else len(profiles)
        if at == len(profiles):
            profiles.append(profile)
        places.append(at)
    counts = [0] * len(profiles)
    for at in places:
        counts[at] += 1
    by = by_keys(profiles, counts)
    pairs = likely(profiles, [by.groups.root(i) for i in range(len(profiles))], 0.5)
    took, work = time.perf_counter() - began, time.process_time() - cpu

    def keys(profile: Profile) -> set[tuple[str, str]]:
        whole = profile.named and len(profile.given or "") > 1
        name = {("name", f"{profile.given} {profile.family}")} if whole else set()
        home = {("address", f"{profile.address} {profile.postcode}")} if profile.address else set()
        return {*profile.known_by(), *name, *home}

    every = [keys(profiles[i]) for i in places]
    users: dict[tuple[str, str], set[int]] = {}
    for contact, known in zip(made, every, strict=True):
        for key in known:
            users.setdefault(key, set()).add(contact.person)
    own = [{key for key in known if len(users[key]) == 1} for known in every]
    truth = [contact.person for contact in made]
    print("| least probability | precision | recall, a key of theirs alone | recall, any key | all pairs | B³ |")
    print("|---|---|---|---|---|---|")
    for words, least, given in (("the same key", 1.0, []), ("0.9", 0.9, pairs), ("0.5", 0.5, pairs)):
        person = joined(profiles, by, given, least).person
        found = [person[i] for i in places]
        one, other = score(truth, found, own), score(truth, found, every)
        print(f"| {words} | {one.precision:.4f} | {one.recall_usable:.4f} | {other.recall_usable:.4f} | "
              f"{one.recall:.4f} | {one.b_cubed[0]:.4f} / {one.b_cubed[1]:.4f} |")  # fmt: skip
    print(f"\n{1 - score(truth, truth, own).usable:.1%} of the pairs share no key of theirs alone, "
          f"{1 - score(truth, truth, every).usable:.1%} none at all; {took:.0f} s ({work:.0f} s of work)")  # fmt: skip


if __name__ == "__main__":
    main()
