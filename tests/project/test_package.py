"""What is published: the metadata, the links of the README on the package index, the extras."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from miner.extras import PACKAGES, missing

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]


def test_types_travel_with_the_package():
    """The package has the marker that type checkers look for."""
    assert files("miner").joinpath("py.typed").is_file()


def test_every_python_version_that_is_built_is_declared():
    """The classifiers name the versions of the release's matrix, and the oldest is the one that is required."""
    workflow = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))
    matrix = workflow["jobs"]["build"]["strategy"]["matrix"]["python"]
    declared = [line.rpartition(" ")[2] for line in PROJECT["project"]["classifiers"] if ":: 3." in line]
    assert declared == matrix and PROJECT["project"]["requires-python"] == f">={declared[0]}"


def test_the_extra_all_has_every_other():
    """`interaction-miner[all]` installs each of the other extras."""
    (line,) = EXTRAS["all"]
    assert sorted(re.search(r"\[(.+)\]", line)[1].split(",")) == sorted(set(EXTRAS) - {"all"})


@pytest.mark.parametrize("extra", PACKAGES)
def test_a_missing_extra_says_what_to_install(extra, monkeypatch):
    """Without the package of an extra the problem names it and the command that installs it; with it there is none."""
    monkeypatch.setattr("miner.extras.find_spec", lambda name: None)
    problem = missing(extra, "this")
    assert PACKAGES[extra] in problem.what and problem.fix == f"pip install 'interaction-miner[{extra}]'"
    monkeypatch.setattr("miner.extras.find_spec", lambda name: object())
    assert missing(extra, "this") is None


def test_links_of_the_readme_are_absolute_on_the_package_index():
    """The substitutions of the build leave no relative link, and each leads to a file of the repository."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for rule in PROJECT["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]["substitutions"]:
        text = re.sub(rule["pattern"], rule["replacement"], text)
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert len(links) > 15 and all(link.startswith("https://") for link in links)
    own = PROJECT["project"]["urls"]["Homepage"]
    for link in links:
        if link.startswith(own):
            assert (ROOT / link.removeprefix(f"{own}/blob/main/").partition("#")[0]).is_file(), link


def test_the_citation_is_of_this_version():
    """CITATION.cff has the name, the version and the licence of pyproject.toml."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = PROJECT["project"]
    assert (cited["title"], cited["version"], cited["license"]) == (
        project["name"],
        project["version"],
        project["license"],
    )
    assert cited["repository-code"] == project["urls"]["Homepage"]


def test_the_readme_names_every_system():
    """Every system whose exports are read stands in the README, and the number of kinds is right."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    kinds = re.findall(r"^\| \[`(\w+)`\]\(#[^)]*\) \| (.+) \|$", (ROOT / "docs/sources.md").read_text("utf-8"), re.M)
    assert f"[{len(kinds)} kinds of exports]" in text
    general = {"eventlog", "database", "fivetran", "bank_calls"}
    for kind, title in kinds:
        names = [kind.partition("_")[0], *title.split()[:2]]
        assert kind in general or any(name.lower() in text.lower() for name in names), kind
