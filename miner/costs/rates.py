"""Assumption sets: what an hour, a contact, a change costs, each with its unit, source and year, low, base and high."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from miner.costs.asking import ASKING
from miner.events.schema import PEOPLE
from miner.yaml_file import Place, YamlFile

CASES = ("low", "base", "high")
# name → what it is, for people; seconds per change are hours as well as money
VALUES = {
    "loaded_rate": "cost of an hour of a person's handling time",
    "delay_rate": "cost of an hour of delay",
    "system_boundary": "seconds of handling per change of source system",
    "context_shift": "seconds of handling per change of channel, intent or agent inside a team",
}
SECONDS = ("system_boundary", "context_shift")
LARGEST = 1_000_000_000
_SECTIONS = ("actor_rates", "team_rates", "contact_costs")
_ACTORS = (*PEOPLE, "bot", "ivr", "third_party")
_TOP = ("name", "currency", "repeat_contact", "values", *_SECTIONS, "ask_again")
_KEYS = ("value", *CASES, "unit", "source", "year")


@dataclass(frozen=True)
class Value:
    """One assumption: low, base and high, its unit, and who says so and when."""

    low: float
    base: float
    high: float
    unit: str
    source: str
    year: int | None


@dataclass(frozen=True)
class Rates:
    """An assumption set.

    `values` by full name: those of VALUES, and `actor_rates.bot`, `team_rates.Billing`, `contact_costs.voice`.
    `repeat_contact` says whether a repeat contact costs its time or the price of a contact. `ask_again` are the
    activities that ask for something, by topic. Without `money` only hours are computed.
    """

    name: str = "none: hours only"
    currency: str | None = None
    repeat_contact: str = "time"
    values: dict[str, Value] = field(default_factory=dict)
    ask_again: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(ASKING))

    def at(self, name: str, case: str = "base") -> float | None:
        """The value of an assumption in a case (low, base, high); None where it is unset."""
        value = self.values.get(name)
        return None if value is None else float(getattr(value, case))

    def of(self, section: str, case: str = "base") -> dict[str, float]:
        """The values of a section (actor_rates, team_rates, contact_costs) by what they are for."""
        found = {name.partition(".")[2]: name for name in self.values if name.startswith(f"{section}.")}
        return {key: float(getattr(self.values[name], case)) for key, name in found.items()}

    def as_json(self) -> dict[str, Any]:
        """As assumptions.json keeps it; `from_json` reads it back."""
        return asdict(self)


def from_json(content: dict[str, Any]) -> Rates:
    """The assumption set that `as_json` made; what else is there is passed over."""
    values = {name: Value(**value) for name, value in content.get("values", {}).items()}
    asking = {topic: tuple(words) for topic, words in content.get("ask_again", {}).items()}
    return Rates(content["name"], content.get("currency"), content.get("repeat_contact", "time"), values, asking)


def packaged() -> Rates:
    """The assumption set that comes with the package: published averages with their sources."""
    return load_rates(Path(str(files(__package__).joinpath("default_rates.yaml"))))


def read_rates(name: str) -> Rates:
    """The set of a file, or the packaged one by the name `default`; InputError lists all that is wrong."""
    return packaged() if name == "default" else load_rates(Path(name))


def load_rates(path: Path) -> Rates:
    """The assumption set of a file; InputError lists all that is wrong with it, with lines."""
    read = YamlFile(path)
    content = read.content
    read.only(content, _TOP)
    for key in ("name", "currency"):
        if not isinstance(content.get(key), str) or not content[key].strip():
            read.problem(f"{key} is missing", (key,) if key in content else (), _EXAMPLE[key])
    values: dict[str, Value] = {}
    own = read.section(content.get("values"), ("values",), "expected names of values, each with its own keys")
    read.only(own, VALUES, ("values",))
    for name in (name for name in VALUES if name in own):
        _take(read, values, name, own[name], ("values", name))
    for section in _SECTIONS:
        inner = read.section(content.get(section), (section,), "expected names, each with a value")
        if section == "actor_rates":
            read.only(inner, _ACTORS, (section,))
        for name, value in inner.items():
            _take(read, values, f"{section}.{name}", value, (section, name))
    made = Rates(str(content.get("name")), str(content.get("currency")), _repeat(read, values), values, _asking(read))
    read.check()
    return made


_EXAMPLE = {"name": "name: what this set of assumptions is called", "currency": "currency: EUR"}


def _repeat(read: YamlFile, values: dict[str, Value]) -> str:
    """By time or by contact; with contact costs it has to be said, so that nothing is counted twice."""
    said = read.content.get("repeat_contact")
    priced = any(name.startswith("contact_costs.") for name in values)
    if said not in (None, "time", "contact"):
        read.problem("repeat_contact: expected time or contact", ("repeat_contact",))
    elif said is None and priced:
        fix = "repeat_contact: contact (the price of a contact) or time (handling time × rate), never both"
        read.problem("contact costs are given, but not whether they price repeat contacts", (), fix)
    elif said == "contact" and not priced:
        read.problem("repeat contacts are priced by contact, but no contact cost is given", ("repeat_contact",))
    return "contact" if said == "contact" else "time"


def _take(read: YamlFile, values: dict[str, Value], name: str, content: Any, at: Place) -> None:
    """One value with its low, base and high; what is wrong with it becomes a problem."""
    before = len(read.problems)
    own = read.section(content, at, "expected a value with unit, source and year")
    read.only(own, _KEYS, at)
    if "value" in own and "base" in own:
        read.problem(f"{at[-1]}: value and base mean the same", (*at, "base"), "keep one of them")
    base = own.get("base", own.get("value"))
    numbers: list[Any] = [own.get("low", base), base, own.get("high", base)]
    if base is None:
        read.problem(f"{at[-1]} has no value", at, "value: 38.5, or low, base and high")
    elif not all(_is_number(number) for number in numbers):
        read.problem(f"{at[-1]}: expected numbers from 0 to {LARGEST:,}", at)
    elif not numbers[0] <= numbers[1] <= numbers[2]:
        read.problem(f"{at[-1]}: low, base and high are not in order", at)
    for key in ("unit", "source"):
        if not isinstance(own.get(key), str) or not own[key].strip():
            read.problem(f"{at[-1]} has no {key}", at, "say where the number comes from" if key == "source" else None)
    year = own.get("year")
    if isinstance(year, bool) or not isinstance(year, int) or not 1900 <= year <= 2200:
        read.problem(f"{at[-1]} has no year", (*at, "year"), "give the year of the number: year: 2026")
    unit = _unit(name, read.content.get("currency"))
    if isinstance(own.get("unit"), str) and unit not in (None, own["unit"]):
        read.problem(f"{at[-1]}: the unit is {unit}, not {own['unit']!r}", (*at, "unit"))
    if len(read.problems) == before:
        low, middle, high = map(float, numbers)
        values[name] = Value(low, middle, high, own["unit"].strip(), own["source"].strip(), year)


def _unit(name: str, currency: Any) -> str | None:
    if name in SECONDS:
        return "s"
    if not isinstance(currency, str):
        return None
    return currency if name.startswith("contact_costs.") else f"{currency}/h"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _asking(read: YamlFile) -> dict[str, tuple[str, ...]]:
    """Topics and the activities that ask for them; the packaged ones where the file says nothing."""
    if "ask_again" not in read.content:
        return dict(ASKING)
    made = {}
    own = read.section(read.content["ask_again"], ("ask_again",), "expected topics, each with a list of activities")
    for topic, activities in own.items():
        if isinstance(activities, str):
            activities = [activities]
        if isinstance(activities, list) and all(isinstance(a, str) and a.strip() for a in activities):
            made[topic] = tuple(activities)
        else:
            read.problem(f"{topic}: expected a list of activities", ("ask_again", topic))
    return made
