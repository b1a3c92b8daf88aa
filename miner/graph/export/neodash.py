"""The library of queries as a dashboard of NeoDash (neo4j.com/labs/neodash), a page for each kind of question."""

from __future__ import annotations

import re
import uuid
from typing import Any

from miner.graph.cypher.library import Query, queries
from miner.graph.export.guide import INTRODUCTION, limited, literal

VERSION = "2.4"
WIDTH = 24  # columns of NeoDash's grid
# Queries that say more as bars: the column along the axis, and the one that is drawn.
BARS = {
    "bottlenecks/team_queues": ("team", "wait_s_total"),
    "loops/by_order": ("loop_order", "returns"),
    "paths/first_contact": ("team", "journeys"),
}
# What a reader chooses, and where it is found.
CHOSEN = {
    "journey": ("Journey", "A journey"),
    "team": ("Team", "A team"),
    "from_activity": ("Activity", "From an activity"),
    "to_activity": ("Activity", "To an activity"),
}
_MAP = """MATCH p = (:Team)-[h:HANDS_OFF_TO]->(:Team)
RETURN p ORDER BY h.handoffs DESC LIMIT 100"""
# Text, names and remarks are passed over, so that only parameters are replaced.
_PARAM = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|//[^\n]*|\$(?P<name>\w+)""", re.DOTALL)
Json = dict[str, Any]


def dashboard(within: str | None = None) -> Json:
    """The dashboard as JSON: the map of handoffs, all queries with their defaults, and what needs a choice last.

    `within` is the name of one workspace, where a database holds several: it shows only that.
    """
    library = list(queries().values())
    pages: dict[str, list[Json]] = {
        "Start": [
            _report("The graph of interactions", "text", INTRODUCTION, 0, 0, 6, 8),
            _report(
                "Handoffs between teams", "graph", _filled(_MAP, {}, within), 6, 0, 18, 8, selection={"Team": "id"}
            ),
        ]
    }
    closer: list[Query] = []
    for query in library:
        if any(param.required for param in query.header.params):
            closer.append(query)
        else:
            page = pages.setdefault(query.name.partition("/")[0].capitalize(), [])
            page += _reports(query, _bottom(page), within)
    pages["Look closer"] = _closer(closer, within)
    return {
        "uuid": _id("dashboard"),
        "title": "Interactions",
        "version": VERSION,
        "settings": {
            "pagenumber": 0,
            "editable": True,
            "fullscreenEnabled": True,
            "downloadImageEnabled": True,
            "parameters": {},
        },
        "pages": [{"title": title, "reports": reports} for title, reports in pages.items()],
        "parameters": {},
        "extensions": {},
    }


def dashboard_text(query: Query, within: str | None = None) -> str:
    """A query with its defaults in place of parameters; what must be given is one of NeoDash's: `$neodash_journey`."""
    return _filled(query.cypher, query.defaults(), within).rstrip()


def _filled(cypher: str, values: Json, within: str | None) -> str:
    """A statement of ours with these values in place of its parameters; what has none is left to NeoDash."""
    known = values if within is None else {**values, "workspace": within}

    def replaced(match: re.Match[str]) -> str:
        name = match["name"]
        if name is None:
            return match[0]
        return literal(known[name]) if name in known else f"$neodash_{name}"

    return _PARAM.sub(replaced, limited(cypher, within))


def _reports(query: Query, y: int, within: str | None) -> list[Json]:
    text = dashboard_text(query, within)
    if query.name not in BARS:
        return [_report(query.title, "table", text, 0, y, WIDTH, 6, about=query)]
    index, value = BARS[query.name]
    selection = {"index": index, "value": value, "key": "(none)"}
    return [
        _report(query.title, "bar", text, 0, y, 10, 6, selection=selection, about=query),
        _report(f"{query.title}, all columns", "table", text, 10, y, WIDTH - 10, 6, about=query),
    ]


def _closer(chosen: list[Query], within: str | None) -> list[Json]:
    """What a reader chooses, side by side, and below it the queries that need it."""
    shown = [q for q in chosen if all(p.name in CHOSEN for p in q.header.params if p.required)]
    used = [n for n in CHOSEN if any(p.name == n and p.required for q in shown for p in q.header.params)]
    width = WIDTH // max(1, len(used))
    reports = [_choice(name, at * width, width, within) for at, name in enumerate(used)]
    for query in shown:
        reports += _reports(query, _bottom(reports), within)
    return reports


def _choice(name: str, x: int, width: int, within: str | None) -> Json:
    label, title = CHOSEN[name]
    mine = "" if within is None else f" {{workspace: {literal(within)}}}"
    text = (
        f"MATCH (n:`{label}`{mine}) WHERE toLower(toString(n.`id`)) CONTAINS toLower($input) "
        "RETURN DISTINCT n.`id` AS value, n.`id` AS display ORDER BY size(toString(value)) ASC LIMIT 20"
    )
    settings = {
        "type": "Node Property",
        "entityType": label,
        "propertyType": "id",
        "propertyTypeDisplay": "id",
        "parameterName": f"neodash_{name}",
        "suggestionLimit": 20,
    }
    return _report(title, "select", text, x, 0, width, 3, settings=settings)


def _bottom(reports: list[Json]) -> int:
    return max((report["y"] + report["height"] for report in reports), default=0)


def _report(
    title: str,
    kind: str,
    text: str,
    x: int,
    y: int,
    width: int,
    height: int,
    selection: Json | None = None,
    settings: Json | None = None,
    about: Query | None = None,
) -> Json:
    own: Json = dict(settings or {})
    if about:
        own |= {"description": f"**{about.header.question}**\n\n{about.header.reading}\n\nQuery: {about.name}"}
    return {
        "id": _id(f"{kind} {title} {x} {y}"),
        "title": title,
        "query": text,
        "type": kind,
        "x": x,
        "y": y,
        "width": width,
        "height": height,
        "selection": selection or {},
        "settings": own,
        "schema": [],
    }


def _id(name: str) -> str:
    """The same id for the same thing, whenever it is written."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"interaction-miner neodash {name}"))
