"""Every broken file of this folder gets the answer that is written down in corpus.yaml, soon and in little memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.readers.broken.make import MAKERS, make
from tests.readers.guard import MEGABYTES, Answer, Guard

HERE = Path(__file__).parent
CORPUS: list[dict[str, Any]] = yaml.safe_load((HERE / "corpus.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    """One process that looks at all files of a test run."""
    with Guard() as guard:
        yield guard


@pytest.mark.parametrize("case", CORPUS, ids=[case["file"] for case in CORPUS])
def test_a_broken_file_gets_its_answer(guard: Guard, tmp_path: Path, case: dict[str, Any]) -> None:
    """What is read, rejected and noted, or the exit code and the words of the error; never a traceback or a bug."""
    stored = HERE / "files" / case["file"]
    path = stored if stored.exists() else make(tmp_path, case["file"])
    answer = guard.inspect(path)
    assert answer.megabytes is None or answer.megabytes < MEGABYTES
    assert "Traceback" not in answer.err
    if "exit" in case:
        _check_error(answer, case)
    else:
        _check_reading(answer, case)
    left = {path.name} if path is not stored else set()
    assert {p.name for p in tmp_path.iterdir()} == left


def _check_error(answer: Answer, case: dict[str, Any]) -> None:
    assert (answer.exit, answer.out) == (case["exit"], "")
    missing = [words for words in case["says"] if words not in answer.err]
    assert not missing, answer.err


def _check_reading(answer: Answer, case: dict[str, Any]) -> None:
    assert answer.exit == 0, answer.err
    found = answer.found
    assert sum(source["events"] for source in found["sources"]) == case["events"]
    assert found["rejects"]["count"] == case.get("rejected", 0)
    reasons = {example["reason"] for example in found["rejects"]["examples"]}
    assert reasons >= set(case.get("reasons", ()))
    assert {note["kind"] for note in found["notes"]} == set(case.get("notes", ()))


def test_every_file_has_an_answer_and_every_answer_a_file() -> None:
    """The table names each file once, and there are at least sixty."""
    named = [case["file"] for case in CORPUS]
    there = {path.name for path in (HERE / "files").iterdir()} | MAKERS.keys()
    assert sorted(named) == sorted(there)
    assert len(named) >= 60


def test_errors_say_what_to_do() -> None:
    """Each error of the table has words on what is wrong and on what to do."""
    assert not [case["file"] for case in CORPUS if "exit" in case and len(case["says"]) < 2]
