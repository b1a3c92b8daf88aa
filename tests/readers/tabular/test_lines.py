"""Every event names the line of the file that it was read from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.readers.base import Options
from miner.readers.files import find
from miner.readers.reading import read_all

ROWS = 1_000_000


def read_with(path: Path, threads: int) -> tuple[Any, ...]:
    """How many events there are, how many name a line that is not theirs, and a mark of all rows."""
    with Engine() as engine:
        engine.run(f"SET threads = {threads}")
        files, _ = find([str(path)])
        read_all(files, lambda _: Options(), Sink(engine))
        return engine.one(
            "SELECT count(*), count(*) FILTER (WHERE line IS DISTINCT FROM CAST(interaction_id AS BIGINT)), "
            "sum(hash(line, interaction_id, activity, started_us, channel)) FROM raw_events"
        )


def test_every_event_of_a_large_file_names_its_own_line(tmp_path: Path) -> None:
    """Of a million rows each event has the line it stands on, however many threads read them, in every run alike."""
    path = tmp_path / "large.csv"
    with path.open("w") as f:
        f.write("case,activity,time,channel\n")
        f.writelines(f"{n},a,2026-01-02T10:00:00Z,{'chat' if n % 3 else 'phone'}\n" for n in range(2, ROWS + 2))
    first, *others = [read_with(path, threads) for threads in (1, 2, 8, 8)]
    assert first[:2] == (ROWS, 0)
    assert others == [first] * 3
