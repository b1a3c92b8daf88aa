"""One workspace of the sample logs for all tests of the documentation, whichever process makes it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

PATIENCE_S = 600


@pytest.fixture(autouse=True)
def plain_output(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colours, lines long enough, and programs that find the package."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture(scope="session")
def mined(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The workspace of `miner run sample_logs`; nobody writes into it."""
    base = tmp_path_factory.getbasetemp()
    home = (base if worker_id == "master" else base.parent) / "docs-sample-logs"
    try:
        home.mkdir()
    except FileExistsError:
        _wait_for(home / "done")
        return home / "workspace"
    try:
        import miner

        # Named as the pages name it, so that their own runs are resumed and not done again.
        miner.run(str(ROOT / "sample_logs"), workspace=str(home / "workspace"))
    finally:
        (home / "done").touch()
    return home / "workspace"


def _wait_for(path: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while not path.exists():
        assert time.monotonic() < end, "another process did not finish the sample run"
        time.sleep(0.2)
