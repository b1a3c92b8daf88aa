"""The locks fit what pyproject.toml declares."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LEFT_OUT = {"kglite"}


def declared(kind: str) -> list[Requirement]:
    """What pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = list(project["project"]["dependencies"])
    if kind == "requirements-dev.lock":
        lines += project["dependency-groups"]["dev"]
    return [Requirement(line) for line in lines]


def locked(kind: str) -> dict[str, set[Version]]:
    """Name → versions in a lock."""
    found: dict[str, set[Version]] = {}
    for line in (ROOT / kind).read_text(encoding="utf-8").splitlines():
        match = re.fullmatch(r"([A-Za-z0-9._-]+)==([^\s;]+)( ; .+)?", line)
        assert match, f"{kind} holds something else than name==version: {line!r}"
        found.setdefault(canonicalize_name(match[1]), set()).add(Version(match[2]))
    return found


@pytest.mark.parametrize("kind", ["requirements.lock", "requirements-dev.lock"])
def test_every_declared_package_is_locked_in_its_range(kind):
    """Each declared package has locked versions, all inside the declared range, save those left out on purpose."""
    versions = locked(kind)
    for requirement in declared(kind):
        name = canonicalize_name(requirement.name)
        if name in LEFT_OUT:
            assert name not in versions
        else:
            assert versions.get(name), f"{name} is not in {kind}"
            assert all(requirement.specifier.contains(v) for v in versions[name]), f"{name} is out of range in {kind}"


def test_both_locks_agree():
    """What is locked for use is locked the same for development."""
    dev = locked("requirements-dev.lock")
    assert {name: dev.get(name) for name in locked("requirements.lock")} == locked("requirements.lock")
