"""The program that runs the XES parser: `python -m miner.readers.tabular.xes_worker SOURCE TARGET`.

SOURCE is a `.xes` file, TARGET the Parquet file it becomes. A process of its own, as the parser can abort on deeply
nested elements, prints to stderr, and keeps the memory that it took.
"""

from __future__ import annotations

import sys


def main(source: str, target: str) -> int:
    """Write the events as Parquet, one row an event, columns in the order of their names.

    Returns 1 where the source cannot be read, 2 where it contains no event.
    """
    from r4pm.df import import_xes

    try:
        events = import_xes(source)[0]
    except BaseException as error:  # a panic of the parser is no Exception
        print(error)
        return 1
    if not events.height:
        return 2
    events.select(sorted(events.columns)).write_parquet(target, compression="lz4")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
