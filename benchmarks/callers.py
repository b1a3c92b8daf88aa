"""A second kind of made-up contacts with known truth: the customers of a city's electricity and water works.

A call has a number always and a name only as the agent typed it; a ticket what the customer wrote in a form; a chat a
device and seldom more. Households share a landline, firms a switchboard and info@, numbers are passed on, people have
several. Its rates are guesses of their own, made without regard to the model and to people.py. Seeded.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from people import Contact

_GIVEN = """Maria Peter Ursula Michael Sabine Thomas Monika Andreas Petra Wolfgang Renate Klaus Karin Stefan Helga
Christian Ingrid Jürgen Andrea Uwe Gisela Frank Claudia Markus Susanne Bernd Birgit Martin Anna Daniel Julia Alexander
Sandra Jan Stefanie Tobias Katharina Sebastian Nicole Matthias Melanie Florian Heike Holger Silke Dirk Anja Ralf Laura
Felix Lena Jonas Sarah Lukas Lisa Mehmet Fatma Mustafa Ayşe Ali Emine Piotr Agnieszka Ivan Olga Giuseppe Elena Björn
Jörg Günther Käthe Sören Hannelore Volker Gudrun Detlef Antje Henning Wiebke Malte""".split()
_FAMILY = """Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein
Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Werner Krause Lehmann Köhler Maier Yılmaz
Nowak Kaya Petrov Rossi Nguyen""".split()
_FRONT = """Acker Alten Berg Birken Brand Buchen Dorn Eichen Erlen Falken Feld Fuchs Gold Grün Hagen Hasel Heide Hirsch
Holz Horn Kalk Kamp Kessel Kirch Kron Linden Moor Mühl Nieder Ober Rauen Rosen Sand Schön Stein Tannen
Wald Weiden Wester Winkel Wolfs Ziegel Zeller Strat Stock Roten Reh Pfeil Oster Nord Mittel Lohe Laub Kupfer""".split()
_BACK = """mann bauer hof berger müller meier brink huber stein kamp dorf wald felder bach ner hausen thal loh
horst reuter brock busch heim beck ing siek rath""".split()
_WAYS = (
    "Am Anger",
    "Bleichstraße",
    "Dammweg",
    "Fährgasse",
    "Goethestraße",
    "Hafenallee",
    "Kastanienweg",
    "Lange Gasse",
    "Mozartstraße",
    "Nordring",
    "Parkstraße",
    "Torweg",
    "Uferstraße",
    "Zum Forst",
)
_LATIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ş": "s", "ı": "i"})


@dataclass
class Customer:
    """Somebody with all that they can be known by."""

    number: int
    given: str
    family: str
    home: tuple[str, str]
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    devices: list[str] = field(default_factory=list)
    holder: str = ""  # whose name stands on the contract, which agents type for others, too


class City:
    """Customers drawn one household or firm after the other."""

    def __init__(self, size: int, dice: random.Random) -> None:
        self.dice, self.customers, self.mobiles, self.taken = dice, list[Customer](), list[str](), set[str]()
        self.families = _FAMILY + [front + back for front in _FRONT for back in _BACK]
        while len(self.customers) < size:
            self._household()
        rest = iter(dice.sample(self.customers, size // 12))
        for firm in range(size // 80):
            self._firm(firm, list(islice(rest, dice.randint(2, 8))))

    def _name(self, names: Sequence[str], flat: float) -> str:
        return self.dice.choices(names, [1 / (rank + flat) for rank in range(len(names))])[0]

    def _household(self) -> None:
        dice, family = self.dice, self._name(self.families, 30)
        home = (f"{dice.choice(_WAYS)} {dice.randint(1, 140)}", f"{dice.randint(44100, 44139)}")
        landline = f"+49231{dice.randint(200000, 9999999)}" if dice.random() < 0.6 else None
        first: Customer | None = None
        for _ in range(dice.choices((1, 2, 3), (72, 24, 4))[0]):
            last = family if dice.random() < 0.8 else self._name(self.families, 30)
            one = Customer(len(self.customers), self._name(_GIVEN, 25), last, home)
            one.phones = [self._mobile() for _ in range(dice.choices((1, 2, 3), (80, 17, 3))[0])]
            one.phones += [landline] if landline else []
            one.emails = [self._address(one)]
            one.emails += [f"{one.given[0].lower()}{one.number + 60}@neu.example"] * (dice.random() < 0.15)
            one.devices = [f"app-{dice.getrandbits(48):012x}" for _ in range(dice.choices((1, 2, 4), (50, 35, 15))[0])]
            if first is None:
                first = one
            elif dice.random() < 0.12:  # one mailbox and one computer for both
                one.emails, one.devices = first.emails, first.devices
            one.holder = f"{first.given} {first.family}"
            self.customers.append(one)

    def _address(self, one: Customer) -> str:
        """A mail address that nobody else has: where the host has given it away, with a number after it."""
        form = self.dice.choice(("{g}.{f}", "{g}{f}{n}", "{f}.{n}", "{i}{f}", "wolke{n}{i}"))
        host = self.dice.choice(("fern", "stadtnetz", "brief", "kurier"))
        filled = form.format(g=one.given, f=one.family, i=one.given[0], n=self.dice.randint(1, 9999)).lower()
        local = filled.translate(_LATIN)
        while f"{local}@{host}.example" in self.taken:
            local += str(self.dice.randint(1, 99))
        self.taken.add(f"{local}@{host}.example")
        return f"{local}@{host}.example"

    def _mobile(self) -> str:
        """A mobile's number, seldom one that was passed on."""
        if self.mobiles and self.dice.random() < 0.025:
            return self.dice.choice(self.mobiles)
        self.mobiles.append(f"+4917{self.dice.randint(0, 9)}{self.dice.randint(1000000, 99999999)}")
        return self.mobiles[-1]

    def _firm(self, number: int, staff: list[Customer]) -> None:
        switchboard = f"+49231{self.dice.randint(200000, 999999)}0"
        for one in staff:
            one.phones.append(switchboard)
            one.emails.append(
                self.dice.choice(("info", "hausverwaltung", one.family.lower().translate(_LATIN)))
                + f"@firma{number}.example"
            )


def callers(count: int, seed: int) -> list[Contact]:
    """So many calls, tickets and chats; some customers have many times more than others."""
    dice = random.Random(seed)
    customers = City(max(24, count // 4), dice).customers
    eager = [min(8.0, dice.paretovariate(1.8)) for _ in customers]
    return [_contact(one, dice) for one in dice.choices(customers, eager, k=count)]


def _contact(one: Customer, dice: random.Random) -> Contact:
    channel = dice.choices(("call", "ticket", "chat"), (50, 35, 15))[0]
    phone, email = _one_of(one.phones, dice), _one_of(one.emails, dice)
    if channel == "call":
        told, named = {"phone": phone}, 0.45
    elif channel == "ticket":
        told, named = {"email": _slip(email, 0.02, dice)}, 0.85
        if dice.random() < 0.3:
            told["phone"] = _slip(_written(phone, dice), 0.02, dice)
        if dice.random() < 0.35:
            told |= {"address": _slip(one.home[0], 0.06, dice), "postcode": one.home[1]}
    else:
        told, named = {"device": dice.choice(one.devices)}, 0.2
        told |= {"email": email} if dice.random() < 0.35 else {}
    if dice.random() < named:
        told["name"] = _typed(one, dice) if channel == "call" else _signed(one, dice)
    return Contact(one.number, told, channel)


def _one_of(values: Sequence[str], dice: random.Random) -> str:
    """Mostly the first: people have a favourite."""
    return values[0] if dice.random() < 0.55 else dice.choice(values)


def _typed(one: Customer, dice: random.Random) -> str:
    """A name as an agent hears and types it."""
    given, _, family = (one.holder if dice.random() < 0.06 else f"{one.given} {one.family}").partition(" ")
    form = dice.choices(("{g} {f}", "{f}, {g}", "{f} {g}", "{i}. {f}", "{t} {f}", "{f}"), (34, 20, 8, 8, 20, 10))[0]
    title = dice.choice((("Herr", "Hr.", "Dr."), ("Frau", "Fr.", "Dr."))[one.number % 2])
    family = family.translate(_LATIN) if dice.random() < 0.3 else family
    return _slip(form.format(g=given, f=family, i=given[0], t=title), 0.08, dice)


def _signed(one: Customer, dice: random.Random) -> str:
    """A name as its bearer writes it."""
    form = dice.choices(("{g} {f}", "{i}. {f}", "{f} {g}", "{f}", "{g}"), (78, 7, 6, 5, 4))[0]
    return _slip(form.format(g=one.given, f=one.family, i=one.given[0]), 0.03, dice)


def _written(phone: str, dice: random.Random) -> str:
    """A number as people write it in a form."""
    code, rest = phone[3:6], phone[6:]
    return dice.choice(
        (
            f"0{code}/{rest}",
            f"0{code} {rest[:3]} {rest[3:]}",
            f"+49 (0){code} {rest}",
            f"0049{code}{rest}",
            f"0{code}-{rest}",
            f"+49 {code} {rest}",
        )
    )


def _slip(text: str, share: float, dice: random.Random) -> str:
    """The text, in a share of cases with a letter left out, doubled, or before its neighbour."""
    if dice.random() >= share or len(text) < 4:
        return text
    at = dice.randrange(1, len(text) - 1)
    before, letter, after = text[:at], text[at], text[at + 1 :]
    return dice.choice((before + after, before + letter + letter + after, before + after[0] + letter + after[1:]))
