"""No reader lets a person through: every export of the tests is mined without options, its people looked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from miner.pipeline import run
from miner.pipeline.settings import Settings
from tests.privacy.test_run import found_in

FIXTURES = Path(__file__).parents[1] / "readers" / "fixtures"
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
NUMBER = re.compile(r"(?<![\w.])\+\d[\d ()-]{7,}\d(?!\w)")
# The people of the exports that are called by a name or a device alone.
PEOPLE = ("Ana", "Ben", "Bo", "Cem", "ana", "u-ana", "PJSIP/2001", "PJSIP/2002", "Ana Lopez", "Bob Jones", "Eva Linde")


@pytest.mark.parametrize("folder", sorted(p.name for p in FIXTURES.iterdir() if p.is_dir()))
def test_nobody_of_an_export_is_in_a_workspace(folder: str, tmp_path: Path) -> None:
    """Addresses, international numbers and names of people who serve stand in no file of a default run."""
    texts = [path.read_bytes().decode("utf-8", "replace") for path in (FIXTURES / folder).rglob("*") if path.is_file()]
    secrets = {match for text in texts for shape in (ADDRESS, NUMBER) for match in shape.findall(text)}
    left_out = ("ab_call_ext_rec_encrypted.vcon", "steps.jsonl")  # one is no log, one needs to be told its columns
    settings = Settings(tz="UTC", graph="none", keys=str(tmp_path / "keys.json"), ignore=left_out)
    workspace = run([str(FIXTURES / folder)], tmp_path / "workspace", settings)
    assert found_in(workspace, {*PEOPLE, *secrets}) == []
