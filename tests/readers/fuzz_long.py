"""Damaged fixtures for as long as wanted: `python -m tests.readers.fuzz_long HOURS [SEED]` prints what went wrong.

Each finding is a line with the file, the seed that damages it the same way again, and the message.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.readers.guard import MEGABYTES, Answer, Guard
from tests.readers.mutations import FILES, FIXTURES, damaged_copy


def main(hours: float, first: int = 0) -> int:
    """How many findings there were."""
    dice, until, done, found = random.Random(first), time.monotonic() + hours * 3600, 0, 0
    slowest, most = 0.0, 0
    with Guard() as guard:
        while time.monotonic() < until:
            path, seed = dice.choice(FILES), dice.randrange(10**9)
            folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
            try:
                answer = guard.inspect(damaged_copy(path, seed, folder))
                slowest, most = max(slowest, answer.seconds), max(most, answer.megabytes or 0)
                wrong = _wrong(answer)
            except (TimeoutError, RuntimeError) as error:
                wrong = str(error)
            finally:
                shutil.rmtree(folder)
            done += 1
            if wrong:
                found += 1
                print(f"{path.relative_to(FIXTURES)} {seed}: {wrong}", flush=True)
    print(f"{done:,} files, {found} findings; slowest {slowest:.1f} s, most memory {most} MB", flush=True)
    return found


def _wrong(answer: Answer) -> str | None:
    if answer.exit not in (0, 3):
        return f"exit {answer.exit}: {answer.err.strip()}"
    if (answer.megabytes or 0) >= MEGABYTES:
        return f"{answer.megabytes} MB"
    return None


if __name__ == "__main__":
    sys.exit(bool(main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)))
