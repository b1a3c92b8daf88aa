"""Readers of other packages, found by their entry points."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from miner.errors import InputError
from miner.pipeline import look
from miner.pipeline.settings import Settings
from miner.readers import readers
from tests.docs.pages import blocks

PAGE = Path(__file__).parents[2] / "docs" / "add-a-source.md"
EXAMPLE = {block.file: block.text for block in blocks(PAGE) if block.file}
MODULE = EXAMPLE["miner/readers/pager.py"]
Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Puts a package with one module on the path, as an installer does; the list of readers is made anew."""
    made: list[str] = []

    def put(module: str, text: str, package: str = "miner-pager", point: str = "pager") -> None:
        site = tmp_path / "site"
        info = site / f"{package.replace('-', '_')}-1.0.dist-info"
        info.mkdir(parents=True)
        (site / f"{module}.py").write_text(text)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[miner.readers]\n{point} = {module}\n")
        made.append(module)
        monkeypatch.syspath_prepend(str(site))
        readers.cache_clear()

    yield put
    for module in made:
        sys.modules.pop(module, None)
    monkeypatch.undo()
    readers.cache_clear()


@pytest.fixture
def log(tmp_path: Path) -> str:
    """The log of the page."""
    path = tmp_path / "night.log.txt"
    path.write_text(EXAMPLE["pager.log"])
    return str(path)


def test_the_example_of_the_page(install: Install, log: str) -> None:
    """The module of the page, in a package of its own, reads the page's log; the page names the group."""
    assert 'pager = "miner_pager"' in EXAMPLE["miner-pager/pyproject.toml"].partition('"miner.readers"')[2]
    install("miner_pager", MODULE)
    for source in (log, f"pager:{log}"):
        _, (report,) = look([source], Settings())
        assert (report.reader, report.rows, report.events, report.rejected) == ("pager", 4, 3, 1)


def test_doctor_lists_it(install: Install) -> None:
    """`miner doctor` names the reader and its package."""
    from miner.cli.app import app

    install("miner_pager", MODULE)
    said = CliRunner().invoke(app, ["doctor"], env={"COLUMNS": "200"}).output
    assert "reader pager" in said and "miner-pager 1.0" in said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("raise RuntimeError('no such luck')", "RuntimeError: no such luck"),
        ("import no_such_module", "no_such_module"),
        ("import sys; sys.exit(3)", "SystemExit"),
        ("NAME = 'x1'", "it has no TITLE, LINKED, sniff, read"),
        (MODULE.replace('"pager"', '"Pager!"'), "lower-case letters"),
        ("def (", "SyntaxError"),
        (MODULE.replace('"pager"', '"zendesk"'), "a reader of this name exists"),
        (MODULE + "\nread = 7\n", "are not functions"),
    ],
)
def test_a_broken_package(install: Install, capsys: pytest.CaptureFixture[str], text: str, why: str) -> None:
    """A package that cannot be loaded, or is no reader, is named in a warning and left out; the others are there."""
    install("broken_pager", text, "broken-pager")
    assert "eventlog" in readers() and readers()["zendesk"].__name__.startswith("miner.")  # type: ignore[attr-defined]
    warned = capsys.readouterr().err
    assert warned.startswith("warning: the reader pager of broken-pager 1.0 is ignored: ") and why in warned
    assert warned.count("\n") == 1


def test_a_reader_that_fails(install: Install, log: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A claim that fails is no claim; reading that fails is an error of the file that names the package."""
    install("rude_pager", MODULE.replace("first = file.head", "first = file.hat"), "rude-pager")
    csv = tmp_path / "log.csv"
    csv.write_text("case_id,activity,timestamp\n1,a,2026-03-02T10:00:00Z\n")
    assert look([str(csv)], Settings())[1][0].reader == "eventlog"
    assert "the reader pager of rude-pager 1.0 could not inspect log.csv" in capsys.readouterr().err
    with pytest.raises(InputError):
        look([log], Settings())


def test_a_reader_that_fails_while_reading(install: Install, log: str) -> None:
    """An exception of a reader is told with its package, without a traceback."""
    install("rude_pager", MODULE.replace("report.rows += 1", "report.rows += 1 // 0"), "rude-pager")
    with pytest.raises(InputError, match=r"the reader pager of rude-pager 1\.0 failed: ZeroDivisionError"):
        look([log], Settings())
