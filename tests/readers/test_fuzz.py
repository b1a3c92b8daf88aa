"""Whatever a file holds, looking at it ends soon, in a reading or in an error for the user.

More examples: FUZZ=5000 python -m pytest tests/readers/test_fuzz.py. For hours: python -m tests.readers.fuzz_long HOURS
"""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from miner.errors import MinerError
from miner.pipeline import Settings
from miner.pipeline.runner import look
from tests.readers.guard import MEGABYTES, Guard
from tests.readers.mutations import FILES, FIXTURES, damaged_copy, mutated
from tests.readers.standards.test_xes import TWO, log

EXAMPLES = int(os.environ.get("FUZZ", "30"))
fuzzed = settings(max_examples=EXAMPLES)

CSV = (
    b'case,activity,time,end,team,agent,value,channel,actor_type\r\nA,Opened,2026-01-02T10:00:00Z,2026-01-02T10:05:00Z,L1,Ann,"1,5",Phone,agent\r\n'
    b'A,"Mo\nved",2026-01-02 11:00:00,?,L2,Bo,12.5,chat,bot\r\nB,Closed,13.01.2026 10:00,0:00:00,siebel,,x,,\r\n'
)
JSONL = b"".join(
    json.dumps(
        {"case": {"id": n}, "activity": "x", "time": 1769854830 + n, "tags": [1, {"a": None}], "Team": "L1"}
    ).encode()
    + b"\n"
    for n in range(5)
)
XES = log(*TWO).encode()
NAMES = st.sampled_from(
    [
        "log.csv",
        "log.tsv",
        "log.jsonl",
        "log.json",
        "log.xes",
        "log.xes.gz",
        "log.xlsx",
        "log.parquet",
        "log.zip",
        "log",
    ]
)


def check(content: bytes, name: str = "log.csv", **options: object) -> None:
    """Look at a file: a reading whose counts add up, or an error with exit code 2 or 3 and a message."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            found, reports = look([str(path)], Settings(**options))  # type: ignore[arg-type]
        except MinerError as error:
            assert error.exit_code in (2, 3)
            assert str(error).strip()
        else:
            assert sum(r.events for r in reports) > 0
            assert found["rejects"]["count"] == sum(r.rejected for r in reports)
            json.dumps(found)


@fuzzed
@given(content=st.binary(max_size=2_000), name=NAMES)
@example(content=b"\x00", name="log.csv")
@example(content=b"\xff\xfe", name="log.csv")
@example(content=b"{" * 5_000, name="log.json")
@example(content=b"[" * 100_000, name="log.json")
@example(content=b'"' * 1_000, name="log.csv")
def test_any_bytes_end_in_a_reading_or_an_error(content: bytes, name: str) -> None:
    """Arbitrary bytes under any name never end in a traceback or without end."""
    check(content, name)


@fuzzed
@given(text=st.text(alphabet=st.sampled_from("ab,;\t|\"\n\r \0?01:-/.TZé\u2028='\\{}[]<>"), max_size=400))
def test_any_text_of_telling_letters_ends_in_a_reading_or_an_error(text: str) -> None:
    """Texts made of the letters that mean something to a reader do no harm below a good header."""
    check(b"case,activity,time\n" + text.encode())


@fuzzed
@given(
    seed=st.integers(0, 10**9),
    base=st.sampled_from([("log.csv", CSV), ("log.jsonl", JSONL), ("log.xes", XES)]),
    packed=st.booleans(),
)
def test_damaged_logs_end_in_a_reading_or_an_error(seed: int, base: tuple[str, bytes], packed: bool) -> None:
    """Good logs with random damage are read, in part rejected, or refused."""
    name, content = base
    content = mutated(content, seed)
    check(gzip.compress(content) if packed else content, name + ".gz" * packed)


@fuzzed
@given(
    seed=st.integers(0, 10**9),
    base=st.sampled_from([("log.csv.gz", gzip.compress(CSV)), ("log.xes.gz", gzip.compress(XES))]),
)
def test_damaged_archives_end_in_a_reading_or_an_error(seed: int, base: tuple[str, bytes]) -> None:
    """Packed logs with random damage in the packing do the same."""
    check(mutated(base[1], seed), base[0])


@fuzzed
@given(
    cells=st.lists(st.text(max_size=30), min_size=1, max_size=5),
    dayfirst=st.sampled_from([None, True, False]),
    zone=st.sampled_from([None, "Europe/Berlin", "+05:30"]),
)
def test_any_cells_in_a_column_of_times_end_in_a_reading_or_an_error(
    cells: list[str], dayfirst: bool | None, zone: str | None
) -> None:
    """Whatever stands where times should be, it is rejected or the column refused."""
    rows = [{"case": "A", "activity": "x", "time": cell} for cell in [*cells, "2026-01-02 10:00"]]
    check("\n".join(map(json.dumps, rows)).encode(), "log.jsonl", dayfirst=dayfirst, tz=zone)


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    """One process that looks at all damaged fixtures."""
    with Guard() as guard:
        yield guard


@fuzzed
@given(path=st.sampled_from(FILES), seed=st.integers(0, 10**9))
def test_damaged_exports_of_every_system_end_in_a_reading_or_an_error(
    guard: Guard, tmp_path_factory: pytest.TempPathFactory, path: Path, seed: int
) -> None:
    """Every fixture with damage, among its own files, is read or refused, soon and within a bound of memory."""
    folder = tmp_path_factory.mktemp("damaged")
    answer = guard.inspect(damaged_copy(path, seed, folder))
    assert answer.exit in (0, 3), f"{path.relative_to(FIXTURES)} {seed}: {answer.err}"
    assert answer.megabytes is None or answer.megabytes < MEGABYTES
