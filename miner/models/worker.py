"""The program that runs pm4py in a process of its own: `python -m miner.models.worker`.

One JSON object comes in (edges, starts, ends, variants, seconds), one a line goes out: the tree first,
then fitness, then precision, so that what is finished is not lost when the time is over. A process of its
own can be stopped at a deadline, and gives back the memory that pm4py takes.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from miner.models.inductive import inductive_miner
from miner.models.net import to_net
from miner.models.replay import fitness, precision


def main() -> None:
    """Answer the one request on standard input."""
    request = json.load(sys.stdin)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints goes to stderr and never between the answers

    def write(answer: Mapping[str, Any]) -> None:
        print(json.dumps(answer), file=out, flush=True)

    edges = {(a, b): n for a, b, n in request["edges"]}
    tree = inductive_miner(edges, request["starts"], request["ends"])
    write({"tree": tree.plain()})
    net, share = to_net(tree), request["seconds"] / 2
    variants = [(tuple(steps), n) for steps, n in request["variants"]]
    write(fitness(net, variants, share))
    write(precision(net, variants, share))


if __name__ == "__main__":
    main()
