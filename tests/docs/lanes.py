"""A drawn journey as a picture of text: a lane an owner, a column a minute, and what each minute counts as."""

from __future__ import annotations

from tests.drawings import MINUTE, START, draw
from tests.measures.adapter import mined

LETTERS = {
    "work": "w",
    "rework": "r",
    "hold": "o",
    "customer_wait": "c",
    "queue_wait": "q",
    "handoff_wait": "h",
    "tail": "t",
    "between": "b",
}
PARTS = (*LETTERS, "off_hours")
Event = dict[str, object]


def events(drawing: str) -> list[dict]:
    """The events of a drawing in which `─` stands between the steps of a journey."""
    return draw(drawing.replace("─", " "))


def facts(drawing: str) -> dict[str, object]:
    """Every number that the pages may state of a drawing, from the real measures."""
    found = mined(events(drawing))
    returns, handoffs, pingpongs = found["returns"], found["handoffs"], found["pingpongs"]
    said: dict[str, object] = {
        "journeys": len(found["journeys"]),
        "events": len(found["events"]),
        "visits": len(found["visits"]),
        "handoffs": len(handoffs),
        "returns": len(returns),
        "ping-pong runs": len(pingpongs),
        "bounces": sum(row["bounces"] for row in pingpongs),
        "hops": [row["hops"] for row in returns],
        "avoidable": [row["avoidable"] for row in returns],
        "owners": [row["owner"] for row in found["events"]],
        "owner of visits": [row["owner"] for row in found["visits"]],
        "outcome": found["journeys"][0]["outcome"],
        "value": found["journeys"][0]["value"],
        "elapsed": sum(row["ended_us"] - row["started_us"] for row in found["journeys"]) / MINUTE,
        "gaps": [row["gap_us"] / MINUTE for row in found["transitions"]],
    }
    for order in range(2, 6):
        said[f"loops of order {order}"] = sum(row["order"] == order for row in returns)
    for name in ("wait", "own_wait", "overlap", "customer_wait"):
        said[f"{name} of handoffs"] = [row[f"{name}_us"] / MINUTE for row in handoffs]
    for name in ("crosses_silo", "crosses_system", "changes_channel"):
        said[name] = [row[name] for row in handoffs]
    for part in PARTS:
        said[part] = sum(row[part] for row in found["transitions"]) / MINUTE
    said["rework because of"] = [row["reason"] for row in found["spans"] if row["reason"]]
    for row in found["dfg"]:
        said[f"{row['from_activity']} → {row['to_activity']}"] = row["count"]
        said[f"median of {row['from_activity']} → {row['to_activity']}"] = row["median_us"] / MINUTE
        said[f"p95 of {row['from_activity']} → {row['to_activity']}"] = row["p95_us"] / MINUTE
    return said


def picture(drawing: str) -> str:
    """The lanes of a drawing of one journey, in whole minutes, with the part of each minute below."""
    steps = events(drawing)
    minutes = [((e["started_us"] - START) // MINUTE, (e["ended_us"] - START) // MINUTE) for e in steps]
    width = max(end for _, end in minutes) + 1
    lanes: dict[str, list[str]] = {}
    for event, (start, end) in zip(steps, minutes, strict=True):
        name = event["team"] or (f"bot {event['actor']}" if event["actor_type"] == "bot" else event["actor"])
        lane = lanes.setdefault(name, [" "] * width)
        lane[start : max(end, start + 1)] = "█" * (end - start) or "◆"
    drawn = {name: "".join(cells) for name, cells in lanes.items()}
    rows = {"minute": _ruler(width), **drawn, "counts as": _parts(drawing, width)}
    label = max(map(len, rows)) + 2
    return "\n".join(f"{name:{label}}{cells}".rstrip() for name, cells in rows.items())


def _ruler(width: int) -> str:
    cells = [" "] * (width + 3)
    for minute in range(0, width, 10):
        cells[minute : minute + len(str(minute))] = str(minute)
    return "".join(cells)


def _parts(drawing: str, width: int) -> str:
    """The part of each minute: each piece of the split is as long as its transition's row says."""
    from tests.oracles.order import ordered
    from tests.oracles.time_split import elementary

    cells = [" "] * width
    for journey in ordered(events(drawing)).values():
        for start, end, part, _ in elementary(journey):
            first, last = (start - START) // MINUTE, (end - START) // MINUTE
            cells[first:last] = LETTERS[part] * (last - first)
    return "".join(cells)


def value(text: str) -> object:
    """A stated value: a number, minutes, yes/no, unknown, or a list of them with commas."""
    text = text.strip()
    if "," in text:
        return [value(part) for part in text.split(",")]
    words = {"yes": True, "no": False, "unknown": None, "none": [], "0 min": 0.0}
    if text in words:
        return words[text]
    number = text.removesuffix(" min")
    try:
        return float(number) if text.endswith(" min") or "." in number else int(number)
    except ValueError:
        return text
