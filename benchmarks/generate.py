"""A log of any size, the same for the same seed: `python benchmarks/generate.py --rows 1000000 -o log.csv`.

About 8 events a journey, 30 activities, 40 teams in 8 silos, four agents a team; a quarter of the steps hand
over, a third of those straight back. Written a chunk of journeys at a time, so that 10 million rows need
no more memory than 100,000. The ending of the file says whether it is CSV or XES; both hold the same rows.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import numpy as np

CHUNK = 20_000  # journeys
LONGEST = 24
ACTIVITIES = [
    "Opened",
    "Identified",
    "Verified",
    "Categorised",
    "Triaged",
    "Routed",
    "Accepted",
    "Asked customer",
    "Customer replied",
    "Looked up order",
    "Checked payment",
    "Refund proposed",
    "Refund approved",
    "Refund paid",
    "Replacement ordered",
    "Parcel traced",
    "Carrier asked",
    "Carrier replied",
    "Note written",
    "Called customer",
    "Escalated",
    "Supervisor decided",
    "Technical check",
    "Bug filed",
    "Workaround sent",
    "Reopened",
    "Survey sent",
    "Survey answered",
    "Resolved",
    "Closed",
]
SILOS = ["Front desk", "Billing", "Returns", "Logistics", "Technical", "Fraud", "Key accounts", "Back office"]
CHANNELS = ["voice", "chat", "email", "web_form"]
TEAMS, AGENTS, CUSTOMERS_PER_JOURNEY = 40, 4, 0.6
START = np.datetime64("2025-01-01T00:00:00")
COLUMNS = ["case", "activity", "time", "team", "agent", "silo", "customer", "channel"]


def chunks(rows: int, seed: int) -> Iterator[dict[str, np.ndarray]]:
    """Chunks of whole journeys (the last is cut to make exactly `rows` rows), as columns of numbers.

    `case`, `customer` are numbers, `activity`, `team`, `agent`, `channel` places in lists, `time` seconds after START.
    Rows of a journey are beside each other, in order.
    """
    followers = np.random.default_rng(seed).integers(1, len(ACTIVITIES) - 1, size=(len(ACTIVITIES), 3))
    first, left, number = 0, rows, 0
    while left > 0:
        draw = np.random.default_rng([seed, number])
        made = _journeys(draw, followers, first, rows)
        size = len(made["case"])
        yield made if size <= left else {name: column[:left] for name, column in made.items()}
        first, left, number = first + CHUNK, left - size, number + 1


def _journeys(draw: np.random.Generator, followers: np.ndarray, first: int, rows: int) -> dict[str, np.ndarray]:
    lengths = np.minimum(2 + draw.poisson(6, CHUNK), LONGEST)
    activity, team = np.zeros((2, CHUNK, LONGEST), dtype=np.int64)
    team[:, 0] = draw.integers(0, 12, CHUNK)  # twelve teams take first contacts
    before = team[:, 0]
    for step in range(1, LONGEST):
        usual = followers[activity[:, step - 1], draw.choice(3, CHUNK, p=[0.7, 0.2, 0.1])]
        activity[:, step] = np.where(step == lengths - 1, len(ACTIVITIES) - 1, usual)
        moves, back = draw.random(CHUNK) < 0.25, draw.random(CHUNK) < 0.33
        other = np.where(back, before, (team[:, step - 1] * 7 + draw.integers(1, 6, CHUNK)) % TEAMS)
        before = np.where(moves, team[:, step - 1], before)
        team[:, step] = np.where(moves, other, team[:, step - 1])
    gaps = np.minimum(draw.lognormal(7.5, 1.8, (CHUNK, LONGEST)), 30 * 86400).astype(np.int64) + 1
    # Journeys begin one after the other over a year, whatever the number of rows.
    gaps[:, 0] = (first + np.sort(draw.integers(0, CHUNK, CHUNK))) * (365 * 86400) // max(rows // 8 + CHUNK, 1)
    kept = np.arange(LONGEST) < lengths[:, None]
    journey = np.broadcast_to(np.arange(CHUNK)[:, None], kept.shape)[kept]
    customers = draw.integers(0, max(int(rows / 8 * CUSTOMERS_PER_JOURNEY), 1), CHUNK)
    agent = (draw.integers(0, AGENTS, kept.shape))[kept] + team[kept] * AGENTS
    channel = draw.integers(0, len(CHANNELS), CHUNK)
    return {
        "case": first + journey,
        "activity": activity[kept],
        "time": gaps.cumsum(axis=1)[kept],
        "team": team[kept],
        "agent": agent,
        "customer": customers[journey],
        "channel": channel[journey],
    }


def write(path: Path, rows: int, seed: int = 7) -> None:
    """Write a log of exactly `rows` rows as CSV or XES, as the ending says."""
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8", newline="\n") as out:
        (_write_xes if path.suffix == ".xes" else _write_csv)(out, rows, seed)
    part.replace(path)


def _text(chunk: dict[str, np.ndarray]) -> list[list[str]]:
    """The columns of COLUMNS as text."""
    return [
        [f"C{n:08}" for n in chunk["case"].tolist()],
        [ACTIVITIES[n] for n in chunk["activity"].tolist()],
        (START + chunk["time"].astype("timedelta64[s]")).astype(str).tolist(),
        [f"Team {n:02}" for n in chunk["team"].tolist()],
        [f"agent{n:03}" for n in chunk["agent"].tolist()],
        [SILOS[n % len(SILOS)] for n in chunk["team"].tolist()],
        [f"K{n:07}" for n in chunk["customer"].tolist()],
        [CHANNELS[n] for n in chunk["channel"].tolist()],
    ]


def _write_csv(out: TextIO, rows: int, seed: int) -> None:
    out.write(",".join(COLUMNS) + "\n")
    for chunk in chunks(rows, seed):
        order = np.argsort(chunk["time"], kind="stable")  # as systems write logs: journeys interleaved
        cells = _text({name: column[order] for name, column in chunk.items()})
        cells[2] = [time + "Z" for time in cells[2]]
        out.writelines(",".join(row) + "\n" for row in zip(*cells, strict=True))


def _write_xes(out: TextIO, rows: int, seed: int) -> None:
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0" xmlns="http://www.xes-standard.org/">\n')
    current = None
    for chunk in chunks(rows, seed):
        for case, activity, time, team, agent, silo, customer, channel in zip(*_text(chunk), strict=True):
            if case != current:
                out.write("</trace>\n" if current else "")
                out.write(
                    f'<trace><string key="concept:name" value="{case}"/><string key="customer" value="{customer}"/>\n'
                )
                current = case
            out.write(
                f'<event><string key="concept:name" value="{activity}"/>'
                f'<date key="time:timestamp" value="{time}.000Z"/>'
                f'<string key="org:group" value="{team}"/><string key="org:resource" value="{agent}"/>'
                f'<string key="silo" value="{silo}"/><string key="channel" value="{channel}"/></event>\n'
            )
    out.write("</trace>\n</log>\n" if current else "</log>\n")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("-o", "--output", type=Path, required=True)
    chosen = parser.parse_args()
    chosen.output.parent.mkdir(parents=True, exist_ok=True)
    write(chosen.output, chosen.rows, chosen.seed)


if __name__ == "__main__":
    main()
