"""Whose each interaction is: the table `persons`, and what joins two interactions of one customer.

Works on raw values, in memory only; see docs/identity.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from miner.events.engine import Engine
from miner.events.notes import NoteTaker
from miner.journeys.keys import Profile, Reading
from miner.journeys.people import People, by_keys, joined

SURE = 0.9  # the second level of certainty at which headline figures are given
WAYS = ("off", "keys", "probabilistic")
_CUSTOMER = (
    "coalesce(i.customer, e.customer) AS customer FROM (SELECT interaction_id, max(customer) AS customer, "
    "max(identity) AS identity, max(source_system) AS system FROM raw_interactions GROUP BY 1) i LEFT JOIN ("
    "SELECT interaction_id, arg_min(customer, (started_us, line)) FILTER (WHERE customer IS NOT NULL) AS customer "
    "FROM raw_events GROUP BY 1) e USING (interaction_id)"
)


@dataclass(frozen=True)
class How:
    """How customers are told apart: the way, the least probability, the region of national numbers, what is no key."""

    way: str = "keys"
    least: float = 0.5
    region: str | None = None
    deny: tuple[str, ...] = ()


class Same(NamedTuple):
    """Why two interactions are one customer's, and how sure that is."""

    basis: str
    probability: float


@dataclass
class Who:
    """The profile and the customer of every interaction that says who it was."""

    customers: dict[str, str | None] = field(default_factory=dict)  # raw customer → the customer's key
    of: dict[str, int] = field(default_factory=dict)  # interaction → profile
    profiles: Sequence[Profile] = ()
    people: People | None = None
    surely: People | None = None  # at SURE, where anything is less sure than that

    def same(self, a: str, b: str) -> Same:
        """Why two interactions of one customer are one customer's."""
        if self.people is None or a not in self.of or b not in self.of:
            return Same("customer", 1.0)
        i, j = self.of[a], self.of[b]
        if set(self.profiles[i].ids) & set(self.profiles[j].ids):
            return Same("customer", 1.0)
        shared = {kind for kind, _ in set(self.profiles[i].known_by()) & set(self.profiles[j].known_by())}
        for kind, words in (("email", "e-mail address"), ("phone", "phone number"), ("device", "device")):
            if kind in shared:
                return Same(words, 1.0)
        if self.people.group[i] == self.people.group[j]:
            return Same("another contact", 1.0)
        return Same("likeness", min(self.people.probability[i], self.people.probability[j]))

    def aliases(self) -> dict[str, str]:
        """Every key by which a customer is known, and what the customer is called."""
        if self.people is None:
            return {}
        return {
            value: name
            for profile, name in zip(self.profiles, self.people.names, strict=True)
            if name
            for _, value in profile.known_by()
            if value != name
        }


def identify(engine: Engine, how: How, note: NoteTaker) -> Who:
    """Find the customers; makes the tables `persons` (interaction_id, customer, surely) and `customer_keys` (raw, key).

    Without any identity in the sources only the declared keys are normalised, value by value.
    """
    raw = [
        row[0]
        for row in engine.rows(
            "SELECT customer FROM raw_events WHERE customer IS NOT NULL UNION "
            "SELECT customer FROM raw_interactions WHERE customer IS NOT NULL ORDER BY 1"
        )
    ]
    reading = Reading(how.region, how.deny)
    who = Who({value: value for value in raw})
    if how.way != "off":
        who.customers = {value: reading.key(value)[1] for value in raw}
        (told,) = engine.one("SELECT count(identity) FROM raw_interactions")
        if told:
            _find(engine, how, reading, raw, who, note)
    _tables(engine, who)
    return who


def _find(engine: Engine, how: How, reading: Reading, raw: list[str], who: Who, note: NoteTaker) -> None:
    rows = engine.rows(f"SELECT interaction_id, identity, system, {_CUSTOMER} WHERE identity IS NOT NULL ORDER BY 1")
    numbers: dict[Profile, int] = {}
    profiles: list[Profile] = []
    counts: Counter[int] = Counter()

    def number(profile: Profile) -> int:
        """Equal profiles are one; those that no key tells from others each stand for themselves."""
        known = numbers.get(profile) if profile.known_by() else None
        if known is None:
            known = len(profiles)
            numbers[profile] = known
            profiles.append(profile)
        return known

    seen: dict[tuple[str | None, str, str | None], Profile] = {}
    for interaction, identity, system, customer in rows:
        profile = seen.get((customer, identity, system))
        if profile is None:
            profile = seen[customer, identity, system] = reading.profile(customer, identity, system)
        who.of[interaction] = at = number(profile)
        counts[at] += 1
    declared = {value: number(profile) for value in raw if (profile := reading.profile(value, None)).known_by()}
    by = by_keys(profiles, [counts[i] for i in range(len(profiles))])
    for kind, count in sorted(Counter(kind for kind, _ in by.crowded).items()):
        note("shared_keys", f"{_PLURALS[kind]} shared by too many people link nobody", count, None)
    pairs = []
    if how.way == "probabilistic":
        from miner.journeys.similar import likely

        group = [by.groups.root(i) for i in range(len(profiles))]
        pairs = likely(profiles, group, min(how.least, SURE))
    who.profiles, who.people = profiles, joined(profiles, by, pairs, how.least)
    if any(probability < 1 for probability in who.people.probability):
        who.surely = joined(profiles, by, pairs, max(SURE, how.least))
    for value in raw:
        who.customers[value] = who.people.names[declared[value]] if value in declared else None


_PLURALS = {"phone": "phone numbers", "email": "e-mail addresses", "device": "devices"}


def _tables(engine: Engine, who: Who) -> None:
    import pyarrow as pa

    engine.create("persons", {"interaction_id": "VARCHAR", "customer": "VARCHAR", "surely": "VARCHAR"})
    engine.create("customer_keys", {"raw": "VARCHAR", "key": "VARCHAR"})
    if who.people is not None:
        surely = who.surely or who.people
        columns = {
            "interaction_id": pa.array(list(who.of), pa.string()),
            "customer": pa.array([who.people.names[i] for i in who.of.values()], pa.string()),
            "surely": pa.array([surely.names[i] for i in who.of.values()], pa.string()),
        }
        engine.insert_arrow("persons", pa.table(columns))
    engine.insert_arrow(
        "customer_keys",
        pa.table(
            {
                "raw": pa.array(list(who.customers), pa.string()),
                "key": pa.array(list(who.customers.values()), pa.string()),
            }
        ),
    )
