"""The generator makes the files that are kept in the repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.samples.raw import FOLDER, truth

FILES = (
    "zendesk_audits.json",
    "connect_contacts.jsonl",
    "intercom_conversations.json",
    "orders.csv",
    "teams.csv",
    "retailer/truth.json",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files made anew."""
    folder = tmp_path_factory.mktemp("samples")
    subprocess.run([sys.executable, str(FOLDER / "generate.py"), "--out", str(folder)], check=True, timeout=120)
    return folder


@pytest.mark.parametrize("name", FILES)
def test_same_bytes(made: Path, name: str) -> None:
    """Generating again gives the same bytes as in the repository."""
    assert (made / name).read_bytes() == (FOLDER / name).read_bytes(), f"run {FOLDER.name}/generate.py"


def test_nothing_else(made: Path) -> None:
    """The generator writes the files it names and nothing more."""
    assert {str(p.relative_to(made).as_posix()) for p in made.rglob("*") if p.is_file()} == set(FILES)


def test_small() -> None:
    """The generated files stay under eight megabytes."""
    assert sum((FOLDER / name).stat().st_size for name in FILES) < 8_000_000


def test_readme_has_the_numbers() -> None:
    """The README gives the planted numbers as they are in truth.json."""
    text, planted = (FOLDER / "README.md").read_text(encoding="utf-8"), truth()
    loop, monday = planted["refund_loop"], planted["monday_queue"]["ticket_waits"]["Monday"]
    path, decoy = planted["lossy_path"], planted["decoy_path"]
    invoice = planted["false_containment"]["intents"]["invoice"]
    numbers = [loop["tickets"], loop["handoffs_between_them"], loop["bounces"], f"{loop['wait_h']:,}"]
    numbers += [monday["n"], f"{monday['total_h']:,}", monday["median_h"], path["orders"], path["lost"]]
    numbers += [f"{path['value_lost_eur']:,}", invoice["claimed"], invoice["back_by_phone"]]
    numbers += [f"{100 * g['lost_share']:.1f} %" for i in path["intents"].values() for g in i.values()]
    numbers += [f"{100 * decoy['all_intents_together'][side]['lost_share']:.1f} %" for side in ("with", "without")]
    assert [n for n in numbers if str(n) not in text] == []
    assert all(key in text for key in planted["software_agents"]["customers"])
