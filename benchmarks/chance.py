"""How often a log in which nothing is the matter has a finding that compares: `python benchmarks/chance.py [LOGS]`.

In each log teams, ways, times, outcomes and values are drawn by themselves: whatever is said to be slower, longer,
worse or better there is chance. About 1 % of such logs may have any of it (definitions: Chance). Then a loss is planted
on a path, and must be found there.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

COMPARING = ("value_loss", "cross_silo_path", "false_containment", "asked_again")
TEAMS = {
    "Front": "Service",
    "Phone": "Service",
    "Orders": "Sales",
    "Stock": "Logistics",
    "Depot": "Logistics",
    "Billing": "Finance",
}
PLANTED = ["Finance", "Logistics"]
COLUMNS = {
    name: name
    for name in (
        "case",
        "activity",
        "time",
        "end",
        "team",
        "silo",
        "customer",
        "intent",
        "outcome",
        "value",
        "channel",
        "actor_type",
        "agent",
    )
}


def journey(dice: random.Random, number: int, loss: float) -> Iterator[dict[str, object]]:
    """The rows of one journey, drawn by itself; `loss` is taken from the chance of a good end on the planted path."""
    intent = dice.choice(("refund", "delivery", "account"))
    ways = dice.sample(sorted(TEAMS), dice.randint(1, 4))
    silos = [silo for at, silo in enumerate(map(TEAMS.__getitem__, ways)) if not at or TEAMS[ways[at - 1]] != silo]
    takes = any(silos[at : at + 2] == PLANTED for at in range(len(silos)))
    good = dice.random() < {"refund": 0.6, "delivery": 0.8, "account": 0.7}[intent] - (loss if takes else 0.0)
    at = datetime(2024, 1, 1) + timedelta(minutes=dice.randrange(90 * 1440))
    same = {
        "case": f"c{number}",
        "customer": f"k{dice.randrange(400)}",
        "intent": intent,
        "channel": dice.choice(("email", "chat")),
        "value": round(dice.lognormvariate(4, 0.6), 2),
    }
    if same["channel"] == "chat" and dice.random() < 0.5:
        ways = ["Bot"] if dice.random() < 0.4 else ["Bot", *ways]
    # How long it takes does not depend on the way: one length is cut by chance.
    acts = [team for team in ways for _ in range(dice.randint(1, 3))]
    whole = dice.lognormvariate(10, 1)
    cuts = [0.0, *sorted(dice.uniform(0, whole) for _ in range(2 * len(acts) - 2)), whole]
    for step, team in enumerate(acts):
        start, end = (at + timedelta(seconds=cut) for cut in cuts[2 * step : 2 * step + 2])
        yield {
            **same,
            "activity": dice.choice(("answer", "check", "write")),
            "time": start.isoformat(),
            "end": end.isoformat(),
            "team": team,
            "silo": TEAMS.get(team, "Digital"),
            "agent": f"{team} {dice.randrange(5)}",
            "actor_type": "bot" if team == "Bot" else "agent",
            "outcome": ("solved" if good else "lost") if step == len(acts) - 1 else "",
        }


def written(path: Path, seed: int, journeys: int = 1200, loss: float = 0.0) -> Path:
    """A log as CSV."""
    import csv

    dice = random.Random(seed)  # noqa: S311 - not for secrets
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(COLUMNS))
        writer.writeheader()
        for number in range(journeys):
            writer.writerows(journey(dice, number, loss))
    return path


def told(path: Path) -> list[str]:
    """What is compared in the findings of a log, and in its measures."""
    from miner.pipeline import Settings, run

    with tempfile.TemporaryDirectory() as folder:
        made = run([str(path)], Path(folder) / "w", Settings(columns=COLUMNS, tz="UTC", until="query"))
        findings = made.summary["findings"]
        kinds = [f["kind"] for f in findings if f["kind"] in COMPARING or "slow" in f["where"]]
        gaps = made.arrow("routing_gaps").to_pylist() if "routing_gaps" in made.tables() else []
        kinds += ["routing_gap" for row in gaps if (row["gap"] or 0) > 0]
        return kinds + ["planted" for f in findings if f["kind"] == "value_loss" and f["where"]["path"] == PLANTED]


def main(logs: int) -> None:
    """Print how many logs say more than chance, and how many planted losses are found."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.csv"
        false = {seed: kinds for seed in range(logs) if (kinds := told(written(log, seed)))}
        planted = range(logs, logs + max(1, logs // 10))
        found = sum("planted" in told(written(log, seed, loss=0.35)) for seed in planted)
    print(f"{len(false)} of {logs} logs without anything have a finding that compares: {false or 'none'}")
    print(f"{found} of {len(planted)} planted losses were found on the path they were planted on")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
