"""Targets of contact-centre measures, per channel, region, intent or team, from a YAML file of the user.

```yaml
targets:
  asa:
    - at_most: 60                 # seconds, for all contacts
    - {channel: voice, region: DE, at_most: 30}
  fcr_7d:
    - {channel: chat, at_least: 0.7}
```
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from miner.kpis.measures import BY, MEASURES
from miner.yaml_file import Place, YamlFile

_LIMITS = ("at_least", "at_most")
_WAYS = {frozenset(by.split(", ")): by for by in BY if by != "all"} | {frozenset[str](): "all"}
_KEYS = sorted({key for way in _WAYS for key in way})


@dataclass(frozen=True)
class Target:
    """What one measure should be for one group: `by` and `key` as in `contact_measures`."""

    measure: str
    by: str
    key: str
    at_least: float | None
    at_most: float | None

    def is_met(self, value: float) -> bool:
        """Whether a value keeps within the limits."""
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)

    def __str__(self) -> str:
        limits = (("at least", self.at_least), ("at most", self.at_most))
        return ", ".join(f"{word} {limit:g}" for word, limit in limits if limit is not None)


def read_targets(path: Path) -> tuple[Target, ...]:
    """The targets of a file; InputError lists all that is wrong with it, with lines."""
    read = YamlFile(path)
    read.only(read.content, ("targets",))
    found = read.section(read.content.get("targets"), ("targets",), "expected names of measures, each with a list")
    read.only(found, [measure.name for measure in MEASURES], ("targets",))
    made = [
        target
        for measure, items in found.items()
        for item in (items if isinstance(items, list) else [items])
        if (target := _target(read, measure, item, ("targets", measure)))
    ]
    if not found:
        read.problem("there are no targets", (), "targets: {asa: [{channel: voice, at_most: 60}]}")
    read.check()
    return tuple(made)


def _target(read: YamlFile, measure: str, item: Any, at: Place) -> Target | None:
    before = len(read.problems)
    own = read.section(item, at, "expected at_least or at_most, and what the target applies to")
    read.only(own, (*_KEYS, *_LIMITS), at)
    limits = {name: own.get(name) for name in _LIMITS}
    if all(limit is None for limit in limits.values()):
        read.problem(f"{measure}: neither at_least nor at_most is given", at)
    for name, limit in limits.items():
        if limit is not None and not _is_number(limit):
            read.problem(f"{measure}: {name} is not a number", at)
    keys = frozenset(own.keys() & set(_KEYS))
    if keys not in _WAYS:
        ways = ", ".join(sorted(" with ".join(sorted(way)) for way in _WAYS if way))
        read.problem(f"{measure}: no target by {' and '.join(sorted(keys))}", at, f"targets can be set by: {ways}")
    if len(read.problems) > before:
        return None
    by = _WAYS[keys]
    key = "" if by == "all" else " · ".join(str(own[name]) for name in by.split(", "))
    return Target(measure, by, key, *(None if limits[n] is None else float(limits[n]) for n in _LIMITS))  # type: ignore[arg-type]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def compare(rows: list[dict[str, Any]], targets: tuple[Target, ...]) -> list[dict[str, Any]]:
    """The rows of `contact_measures` with `target` (in words, null without one) and `met`."""
    wanted = {(t.measure, t.by, t.key): t for t in targets}
    made = []
    for row in rows:
        target = wanted.get((row["measure"], row["by"], row["key"]))
        met = None if target is None else target.is_met(row["value"])
        made.append({**row, "target": None if target is None else str(target), "met": met})
    return made
