"""Takes the README's picture: the map of the sample logs' report, in a real browser.

`python docs/images/make.py WORKSPACE` after `miner run sample_logs -o WORKSPACE`.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright


def main(workspace: Path) -> None:
    """Open the report without network and save the part with the map."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1180, "height": 900}, offline=True).new_page()
        page.goto((workspace / "report.html").resolve().as_uri())
        page.locator("#viewer svg").first.wait_for()
        page.locator("#map input[name=kind][value='1']").check()
        page.wait_for_timeout(500)
        page.locator("#map").screenshot(path=str(Path(__file__).parent / "map.png"))
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
