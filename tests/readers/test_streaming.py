"""Large files are read piece by piece: memory does not grow with them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.readers.guard import Guard

SMALL, LARGE = 40 << 20, 160 << 20  # bytes of the files; the buffers on the way are full with the small one
GROWTH = 200  # megabytes that the large one may take more; held whole it takes 400


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    """One process that looks at small and large files."""
    with Guard(120, engine="80MB") as guard:
        guard.inspect(Path(__file__).parent / "broken" / "files" / "lines_named_json.json")
        yield guard


def written(path: Path, before: str, between: str, after: str, size: int) -> int:
    """A file of about `size` bytes of records; returns how many."""
    count = 0
    with path.open("w", encoding="utf-8") as out:
        out.write(before)
        while out.tell() < size:
            record = {"case": f"K{count % 50}", "activity": "x", "time": 1_768_298_400 + count, "note": "é" * 20_000}
            out.write((between if count else "") + json.dumps(record, ensure_ascii=False))
            count += 1
        out.write(after)
    return count


@pytest.mark.parametrize(
    ("name", "before", "between", "after"),
    [
        ("lines.jsonl", "", "\n", "\n"),
        ("array.json", "[", ",", "]"),
        ("indented.json", "[\n ", ",\n ", "\n]\n"),
    ],
)
def test_memory_does_not_grow_with_a_file_of_records(
    guard: Guard, tmp_path: Path, name: str, before: str, between: str, after: str
) -> None:
    """JSON lines and arrays of 160 MiB take hardly more memory than those of 40 MiB."""
    written(tmp_path / f"small-{name}", before, between, after, SMALL)
    count = written(tmp_path / name, before, between, after, LARGE)
    small, large = guard.inspect(tmp_path / f"small-{name}"), guard.inspect(tmp_path / name)
    assert large.exit == 0 and large.found["sources"][0]["events"] == count
    if small.megabytes is None or large.megabytes is None:
        pytest.skip("this system does not tell the memory of a process")
    assert large.megabytes - small.megabytes < GROWTH
