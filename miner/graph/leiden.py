"""Communities of a graph, found by a program of its own: igraph has one random number generator for a whole process.

The program reads a question in JSON from standard input and writes the community of each node. It imports nothing of
this package, so that it starts fast.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys


def communities(nodes: int, edges: dict[tuple[int, int], int], seed: int) -> list[int]:
    """The community of each node (modularity, Leiden algorithm); `edges` are undirected, with their weights."""
    question = {"nodes": nodes, "edges": list(edges), "weights": list(edges.values()), "seed": seed}
    # -P: nothing in the folder of the program, or in the current one, takes the place of a module.
    command = [sys.executable, "-P", __file__]
    answer = subprocess.run(command, input=json.dumps(question), capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


def _main() -> None:
    import igraph

    question = json.load(sys.stdin)
    igraph.set_random_number_generator(random.Random(question["seed"]))  # noqa: S311 - nothing secret
    graph = igraph.Graph(question["nodes"], question["edges"], edge_attrs={"weight": question["weights"]})
    clusters = graph.community_leiden(objective_function="modularity", weights="weight", n_iterations=-1)
    json.dump(clusters.membership, sys.stdout)


if __name__ == "__main__":
    _main()
