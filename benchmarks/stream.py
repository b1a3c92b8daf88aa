"""Memory of reading events as JSON: `python benchmarks/stream.py --rows 1000000`.

Lines, an array on one line, and an indented array; each is read by a process of its own. The bound: MINER_MEMORY and
`BESIDE` for the interpreter, its packages and what waits on its way into the engine.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from measuring import measure

ENGINE, BESIDE = 400, 300
FORMS = {
    "lines": ("log.jsonl", "", "\n", "\n"),
    "array": ("log.json", "[", ",", "]"),
    "indented": ("log.json", "[\n", ",\n", "\n]\n"),
}


def records(rows: int) -> Iterator[str]:
    """Events of journeys of eight steps."""
    for n in range(rows):
        yield json.dumps(
            {
                "case": f"K{n // 8}",
                "activity": f"Step {n % 30}",
                "time": 1_700_000_000 + n,
                "team": f"Team {n % 40}",
                "agent": f"Agent {n % 700}",
                "customer": f"C-{n // 8 % 90_000}",
                "channel": "voice",
            }
        )


def write(path: Path, rows: int, before: str, between: str, after: str) -> None:
    """The records in one of the forms."""
    with path.open("w", encoding="utf-8") as out:
        out.write(before)
        for n, record in enumerate(records(rows)):
            out.write(between + record if n else record)
        out.write(after)


def main() -> None:
    """Print a table in Markdown; the exit code tells whether the bound was kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    kept = True
    print(f"| {rows:,} events | file MB | wall s | peak MB | bound MB |\n|---|---|---|---|---|")
    for form, (name, before, between, after) in FORMS.items():
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / name
            write(log, rows, before, between, after)
            result = measure("read", log, Path(folder) / "workspace", f"{ENGINE}MB")
            size = log.stat().st_size >> 20
        kept = kept and result.failed is None and result.memory < ENGINE + BESIDE
        took = f"{result.wall:.1f} | {result.memory:.0f}"
        print(f"| {form} | {size} | {took} | {ENGINE + BESIDE} | {result.failed or ''}")
    sys.exit(not kept)


if __name__ == "__main__":
    main()
