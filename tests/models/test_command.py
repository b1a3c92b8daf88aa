"""The commands `miner model` and `miner doctor`."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from miner.cli.app import app
from tests.models.made import steps, workspace


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A workspace with tables and a manifest, as a run until `measure` leaves it."""
    found = workspace(tmp_path_factory.mktemp("command") / "ws", steps("3x a b c", "a c"))
    found.write_json("manifest.json", {})
    return found


def test_without_a_format_it_says_how_well_the_model_fits(made):
    """`miner model` mines where nothing is mined yet, says the fit in words and where the files are."""
    found = CliRunner().invoke(app, ["model", "-w", str(made.path)])
    assert found.exit_code == 0
    assert "Fitness 1.00" in found.output
    assert str(made.path / "models" / "process.bpmn") in found.output


@pytest.mark.parametrize(("form", "start"), [("bpmn", "<?xml"), ("pnml", "<?xml"), ("ptml", "<?xml"), ("dfg", "{")])
def test_a_file_goes_to_standard_output(made, form, start):
    """With a format and no output, the file's content goes to standard output and nothing else does."""
    found = CliRunner().invoke(app, ["model", "-w", str(made.path), "--format", form])
    assert found.exit_code == 0
    assert found.stdout.startswith(start)


def test_the_ending_chooses_the_format(made, tmp_path):
    """Without a format the ending of the output file chooses it."""
    CliRunner().invoke(app, ["model", "-w", str(made.path), "-o", str(tmp_path / "deep" / "net.pnml")])
    assert "<pnml>" in (tmp_path / "deep" / "net.pnml").read_text(encoding="utf-8")


def test_a_folder_without_tables_is_refused(tmp_path):
    """A folder that is no workspace, and a workspace without tables, are refused with what to do."""
    from miner.errors import UsageError

    found = CliRunner().invoke(app, ["model", "-w", str(tmp_path)])
    assert isinstance(found.exception, UsageError)
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    found = CliRunner().invoke(app, ["model", "-w", str(tmp_path)])
    assert "miner run" in str(found.exception)


def test_doctor_names_what_is_missing(monkeypatch):
    """`miner doctor` says what is installed, and of each missing program what it would add."""
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setenv("COLUMNS", "200")
    found = CliRunner().invoke(app, ["doctor"])
    assert found.exit_code == 0
    assert found.output.count("would add") == 4
    assert "duckdb" in found.output


def test_doctor_keeps_passwords_to_itself(monkeypatch):
    """`miner doctor` shows the address of the server in the environment without a name or password in it."""
    monkeypatch.setenv("NEO4J_URI", "neo4j://me:secret@graph.example:7687")
    found = CliRunner().invoke(app, ["doctor"])
    assert "graph.example:7687" in found.output
    assert "secret" not in found.output
