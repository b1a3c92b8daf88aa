"""The page in a real browser: Chromium without network, every request and every word of its console kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from miner.costs import price
from miner.report import write
from tests.report.made import finding, shop, workspace_of

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, once for all tests. Without it: skipped on a user's machine, failed in CI."""
    if CHROMIUM is None:
        missing = "needs Chromium: install it, or set CHROMIUM to its program"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the report of the small shop."""
    told = [finding(), finding("bottleneck", where={"teams": ["Carriers"]})]
    workspace = workspace_of(tmp_path_factory.mktemp("browser") / "workspace", shop(), findings=told)
    price(workspace)
    return write(workspace).as_uri()


Open = Callable[..., Any]


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    """Open an address; at the end nothing may have been requested or complained about."""
    contexts, heard = [], []

    def opened(address: str, **options: Any) -> Any:
        context = browser.new_context(offline=True, **{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: heard.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        page.on(
            "request", lambda request: None if request.url.startswith(("file:", "blob:")) else heard.append(request.url)
        )
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert heard == []


@pytest.fixture
def hostile(tmp_path: Path) -> str:
    """The address of a report whose log is full of markup."""
    from tests.report.made import HOSTILE

    return write(workspace_of(tmp_path / "workspace", shop(60, rename=HOSTILE))).as_uri()
