"""Folders of copied tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from miner.errors import InputError
from miner.pipeline import Settings
from miner.pipeline.runner import look
from tests.readers.reading import FIXTURES

TAGS = "tag,user_id,_fivetran_synced\nx,1,2026-03-02 08:00:00\n"


@pytest.mark.parametrize("system", ["jira", "zendesk"])
def test_side_tables_are_passed_over_in_a_folder(tmp_path: Path, system: str) -> None:
    """A folder of copied tables is read as one account; tables that nobody uses are passed over, and named."""
    for table in (FIXTURES / system / "fivetran").glob("*.csv"):
        (tmp_path / table.name).write_text(table.read_text())
    (tmp_path / "user_tag.csv").write_text(TAGS)
    quality, reports = look([str(tmp_path)], Settings())
    assert {report.reader for report in reports} == {system}
    assert any(name.startswith("user_tag.csv") for name in quality["passed_over"])
    with pytest.raises(InputError, match="no reader uses"):
        look([str(tmp_path / "user_tag.csv")], Settings())
