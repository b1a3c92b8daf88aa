"""Made-up contacts with known truth: who wrote, called or chatted, with the mess of real records.

People live together and share a landline, a mailbox, a tablet; call from a partner's mobile or through a switchboard;
move, marry, get a number that was somebody else's; mistype, shorten, leave out most fields. Truth is the number of
the person. Seeded: the same contacts each time. `Rates` says how often, docs/identity.md why.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

_SYLLABLES = (
    "an ber da el fi ga ho is ju ka lo mar ni ol pe ra sa ti ur vo wen xa yl za bra cho dre fre gro kle".split()
)
_STREETS = "Haupt Garten Linden Schul Berg Wald Bahnhof Rosen Kirch Feld Mühlen See Markt Wiesen Ring Burg".split()
_CODES = ("151", "160", "171", "30", "40", "89", "221")
_HOSTS = ("web.example", "mail.example", "post.example", "inbox.example")
_FORMS = ("{g}.{f}", "{i}.{f}", "{g}{n}", "{f}{n}", "{g}_{f}{n}")


@dataclass(frozen=True)
class Rates:
    """How often what happens; shares of people, of households, of contacts or of fields."""

    together: float = 0.15  # one more customer in the household of the one before
    landline: float = 0.4  # people, or households, with a landline; a call comes from it with `from_landline`
    from_landline: float = 0.3
    partners_mobile: float = 0.03  # calls of who lives with others
    mailbox: float = 0.06  # households of several with one address for all, used in half of their mails
    tablet: float = 0.2  # the same for a device
    switchboard: float = 0.02  # people who call through one in three of ten calls
    recycled: float = 0.01  # mobile numbers that another customer had before
    moved: float = 0.09
    married: float = 0.01  # another last name since
    two_addresses: float = 0.25  # people who write from two
    typo: float = 0.05  # of fields that people type or say
    given_head: int = 10  # names are as frequent as 1 / (rank + head): the smaller, the commoner are the commonest
    family_head: int = 20


REAL = Rates()
HARD = Rates(
    together=0.25,
    landline=0.6,
    partners_mobile=0.05,
    mailbox=0.1,
    tablet=0.3,
    switchboard=0.04,
    recycled=0.02,
    moved=0.15,
    two_addresses=0.35,
    typo=0.08,
    given_head=3,
    family_head=5,
)


@dataclass
class Person:
    """Somebody with what they can be known by; `old` and `maiden` are what they had before."""

    number: int
    given: str
    family: str
    phones: list[str]  # the mobile, then the landline
    emails: list[str]
    address: tuple[str, str]
    device: str
    old: tuple[str, str] | None = None
    maiden: str | None = None
    others: list[str] = field(default_factory=list)  # mobiles of those they live with
    work: str | None = None
    mailbox: str | None = None  # the household's
    tablet: str | None = None


@dataclass(frozen=True)
class Contact:
    """One contact: who it was in truth, and what the record says (keys of RAW_INTERACTIONS.identity)."""

    person: int
    said: dict[str, str]
    channel: str = ""  # call, ticket or chat, where it is known


def contacts(count: int, seed: int = 7, rates: Rates = REAL) -> list[Contact]:
    """So many contacts of about a third as many people."""
    dice = random.Random(seed)
    people = _People(rates, dice).made(max(2, count // 3))
    made: list[Contact] = []
    while len(made) < count:
        person = dice.choice(people)
        made += [Contact(person.number, said) for said in _contacts(person, rates, dice)]
    return made[:count]


class _Names:
    """Names of a few syllables; few are frequent, most are rare."""

    def __init__(self, dice: random.Random, count: int, syllables: int, head: int):
        self._dice, found = dice, dict[str, None]()
        while len(found) < count:
            found["".join(dice.choice(_SYLLABLES) for _ in range(syllables)).capitalize()] = None
        self._names, self._sums, total = list(found), list[float](), 0.0
        for rank in range(count):
            total += 1 / (rank + head)
            self._sums.append(total)

    def one(self, other_than: str = "") -> str:
        """A name by chance."""
        while True:
            (name,) = self._dice.choices(self._names, cum_weights=self._sums)
            if name != other_than:
                return name


class _People:
    """Households and who lives in them."""

    def __init__(self, rates: Rates, dice: random.Random):
        self._rates, self._dice = rates, dice
        self._given, self._family = _Names(dice, 600, 2, rates.given_head), _Names(dice, 25_000, 3, rates.family_head)
        self._streets = [*_STREETS, *(_Names(dice, 300, 2, 10).one() for _ in range(300))]
        self._postcodes = sorted(f"{n:05d}" for n in dice.sample(range(1000, 99_999), 5_000))
        self._switchboards = [f"+49405550{n:04d}" for n in range(20)]
        self._taken: set[str] = set()

    def made(self, count: int) -> list[Person]:
        people: list[Person] = []
        home: list[Person] = []
        for number in range(count):
            if not home or not self._often(self._rates.together):
                home = []
            person = self._person(number, home)
            if people and self._often(self._rates.recycled):
                person.phones[0] = self._dice.choice(people).phones[0]
            home.append(person)
            people.append(person)
            if len(home) > 1:
                self._share(home)
        return people

    def _person(self, number: int, home: list[Person]) -> Person:
        dice, first = self._dice, home[0] if home else None
        given = self._given.one(first.given if first and not self._often(0.02) else "")  # a son called as the father
        family = first.family if first and self._often(0.8) else self._family.one()
        phones = [self._phone(), *([self._phone()] if not first and self._often(self._rates.landline) else [])]
        if first:
            phones += first.phones[1:]
        emails = [self._email(given, family) for _ in range(1 + self._often(self._rates.two_addresses))]
        address = first.address if first else self._address()
        person = Person(number, given, family, phones, emails, address, f"{dice.getrandbits(64):016x}")
        person.old = self._address() if self._often(self._rates.moved) else None
        person.maiden = self._family.one() if self._often(self._rates.married) else None
        person.work = dice.choice(self._switchboards) if self._often(self._rates.switchboard) else None
        return person

    def _share(self, home: list[Person]) -> None:
        """What those who live together have together; decided when the second of them comes."""
        if len(home) == 2:
            mailbox = self._email("familie", home[0].family) if self._often(self._rates.mailbox) else None
            tablet = f"{self._dice.getrandbits(64):016x}" if self._often(self._rates.tablet) else None
            home[0].mailbox, home[0].tablet = mailbox, tablet
        for person in home:
            person.mailbox, person.tablet = home[0].mailbox, home[0].tablet
            person.others = [other.phones[0] for other in home if other is not person]

    def _often(self, share: float) -> bool:
        return self._dice.random() < share

    def _phone(self) -> str:
        return f"+49{self._dice.choice(_CODES)}{self._dice.randrange(10**7, 10**8)}"

    def _address(self) -> tuple[str, str]:
        return f"{self._dice.choice(self._streets)}straße {self._dice.randrange(1, 150)}", self._dice.choice(
            self._postcodes
        )

    def _email(self, given: str, family: str) -> str:
        """An address that nobody else has."""
        while True:
            user = self._dice.choice(_FORMS).format(
                g=given.lower(), f=family.lower(), i=given[0].lower(), n=self._dice.randrange(1, 9999)
            )
            made = f"{user}@{self._dice.choice(_HOSTS)}"
            if made not in self._taken:
                self._taken.add(made)
                return made


# How often each way of contact says what.
_SAYS = {
    "call": {"name": 0.4, "phone": 0.95, "postcode": 0.2},
    "mail": {"name": 0.7, "email": 1.0, "phone": 0.1},
    "chat": {"name": 0.6, "email": 0.45, "device": 0.6},
    "form": {"name": 0.95, "email": 0.8, "phone": 0.6, "address": 0.75, "postcode": 0.8},
}


def _contacts(person: Person, rates: Rates, dice: random.Random) -> Iterator[dict[str, str]]:
    """A few contacts of one person through the channels they like."""
    ways = dice.choices(("call", "mail", "chat", "form"), (4, 3, 3, 2), k=1 + int(dice.expovariate(0.45)))
    for way in ways:
        said: dict[str, str] = {}
        address, postcode = person.old if person.old and dice.random() < 0.5 else person.address
        email = person.mailbox if person.mailbox and dice.random() < 0.5 else dice.choice(person.emails)
        device = person.tablet if person.tablet and dice.random() < 0.5 else person.device
        whole = {
            "name": _name(person, dice),
            "email": email,
            "phone": _number(person, rates, dice, way),
            "address": address,
            "postcode": postcode,
            "device": device,
        }
        for key, share in _SAYS[way].items():
            if dice.random() < share:
                typed = key != "device" and not (key == "phone" and way == "call")
                said[key] = _typo(whole[key], dice) if typed and dice.random() < rates.typo else whole[key]
        yield said


def _name(person: Person, dice: random.Random) -> str:
    chance, family = dice.random(), person.family
    if person.maiden and dice.random() < 0.5:
        family = person.maiden
    if chance < 0.06:
        return f"{person.given[0]}. {family}"
    if chance < 0.12:
        return f"{family}, {person.given}"
    if chance < 0.15:
        return f"{person.given[:3]} {family}"  # a short form
    return f"{person.given} {family}"


def _number(person: Person, rates: Rates, dice: random.Random, way: str) -> str:
    """The number that a call comes from, or that somebody leaves; as different systems write it."""
    number = person.phones[-1] if len(person.phones) > 1 and dice.random() < rates.from_landline else person.phones[0]
    if way == "call":
        if dice.random() < 0.04:
            return "anonymous"
        if person.others and dice.random() < rates.partners_mobile:
            number = dice.choice(person.others)
        if person.work and dice.random() < 0.3:
            number = person.work
    chance = dice.random()
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
