"""How the house is kept: what no linter here checks."""

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "miner").rglob("*.py"))
LONGEST = 300


def imported(path: Path) -> set[str]:
    """The top-level names that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_every_import_is_declared():
    """What the package imports is in the standard library or declared as a dependency, by itself or with its extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = [line for lines in project.get("optional-dependencies", {}).values() for line in lines]
    requirements = [Requirement(line) for line in (*project["dependencies"], *optional)]
    declared = {canonicalize_name(r.name) for r in requirements}
    declared |= {canonicalize_name(extra) for r in requirements for extra in r.extras}
    # markupsafe is what jinja2 escapes with, and click what typer is made of.
    declared |= {"markupsafe", "click"}
    sources = packages_distributions()
    for path in MODULES:
        for name in imported(path) - sys.stdlib_module_names - {"miner"}:
            distributions = {canonicalize_name(d) for d in sources.get(name, [name])}
            assert distributions & declared, f"{path.relative_to(ROOT)} imports {name}, which is not declared"


def test_modules_stay_small():
    """No module is longer than 300 lines."""
    long = {str(p.relative_to(ROOT)): n for p in MODULES if (n := len(p.read_text("utf-8").splitlines())) > LONGEST}
    assert not long


def test_every_test_says_what_it_holds():
    """Every test has a docstring."""
    silent = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node):
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not silent


def test_heavy_packages_wait_until_they_are_used():
    """No module imports pm4py, networkx, neo4j, kglite or pandas when it is loaded."""
    heavy = {"pm4py", "networkx", "neo4j", "kglite", "pandas"}
    eager = []
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            eager += [f"{path.relative_to(ROOT)}: {name}" for name in names if name.partition(".")[0] in heavy]
    assert not eager


def test_the_chain_of_layers_names_every_room():
    """The layers in pyproject.toml name every module of the package, and none that is not there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    named = {name.strip(" ()") for layer in layers for name in layer.split("|")}
    rooms = {p.stem for p in (ROOT / "miner").iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()}
    assert rooms - {"__init__"} <= named
