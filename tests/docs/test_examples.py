"""Every example of README.md and docs/ runs and does what the page says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, PAGES, ROOT
from tests.docs.sandbox import Sandbox, runnable

EXAMPLES = [page for page in PAGES if page != ROOT / "CONTRIBUTING.md" and runnable(page)]


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A folder to work in, importable; what is imported from it is forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield Sandbox(tmp_path)
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", None) or "").startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.fixture
def own_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Readers and measures in the folder are found as those of the package are."""
    import miner.readers
    import tests.oracles
    from miner.sql import catalog

    own = dict(catalog.models())
    monkeypatch.setattr(catalog, "models", lambda: {**own, **catalog.read_models(tmp_path / "miner", own)})
    monkeypatch.setattr(tests.oracles, "__path__", [*tests.oracles.__path__, str(tmp_path / "tests" / "oracles")])
    monkeypatch.setattr(miner.readers, "__path__", [*miner.readers.__path__, str(tmp_path / "miner" / "readers")])
    miner.readers.readers.cache_clear()
    yield
    miner.readers.readers.cache_clear()


@pytest.mark.parametrize("page", EXAMPLES, ids=lambda page: page.name)
@pytest.mark.usefixtures("own_modules")
def test_examples_run(page: Path, sandbox: Sandbox, mined: Path) -> None:
    """Commands exit and answer as a page says, its Python and its Cypher run, from top to bottom in one folder."""
    sandbox.furnish(page, mined)
    for block in runnable(page):
        if not block.file:
            sandbox.run(block)


def test_every_audience_has_examples() -> None:
    """The pages for analysts, Cypher users, teams and contributors all have examples that are run."""
    names = {page.stem for page in EXAMPLES if page.parent == DOCS}
    assert names >= {"analysts", "cypher", "teams", "sources", "add-a-source", "add-a-query", "add-a-measure"}
