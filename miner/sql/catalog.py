"""All models of the package by the table they make."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path
from types import MappingProxyType

from miner.errors import Problem, UsageError
from miner.sql.header import Model, parse

PACKAGE = Path(__file__).parents[1]


@cache
def models() -> MappingProxyType[str, Model]:
    """Every model by its table, in order of names; UsageError where two files make one table."""
    return read_models(PACKAGE)


def read_models(package: Path, known: Collection[str] = ()) -> MappingProxyType[str, Model]:
    """The models of a package's folders; they may read one another, and what is `known`."""
    found: dict[str, Model] = {}
    problems: list[Problem] = []
    for path in sorted(package.glob("*/*.sql")):
        try:
            made = parse(path.read_text(encoding="utf-8"), f"{package.name}/{path.parent.name}/{path.name}")
        except UsageError as error:
            problems += error.problems
            continue
        if made.table in found:
            fix = "a table has one meaning: rename one of them"
            problems.append(Problem(f"{found[made.table].file} makes {made.table!r} too", made.file, 1, fix=fix))
        found[made.table] = made
    problems += [
        Problem(f"nothing makes the table {name!r}", made.file, 1, fix="check the name in: -- reads")
        for made in found.values()
        for name in made.reads
        if name not in found and name not in known and not problems
    ]
    if problems:
        raise UsageError(problems)
    return MappingProxyType(dict(sorted(found.items())))


def model(table: str) -> Model:
    """The model of a table; UsageError with the tables there are."""
    if table not in models():
        raise UsageError(f"no table {table!r}", fix=f"there are: {', '.join(models())}")
    return models()[table]


def results(package: str) -> list[str]:
    """What the models of a package are for: the tables that are saved, and those that no model reads."""
    made = [one for one in models().values() if one.file.split("/")[1] == package and not one.is_input]
    read = {name for one in models().values() for name in one.reads}
    return [one.table for one in made if one.is_saved or one.table not in read]
