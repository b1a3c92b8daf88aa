"""The page: the view put into templates, with its style and script inside and a policy that allows nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from miner.report import words
from miner.report.theme import asset, page_css
from miner.report.view import View
from miner.report.view.base import Column
from miner.report.view.queues import DAYS
from miner.report.view.time import PARTS

_SCRIPTS = ("words.js", "dom.js", "tables.js", "map.js", "viewer.js", "lanes.js", "main.js")
_UNITS = {"duration": "seconds", "hours": "hours", "percent": "percent"}


LIMIT, _ENOUGH = 1_000_000, 60


def page(view: View) -> str:
    """The whole report as HTML text, at most 1 MB: else it has fewer examples, then fewer pictures."""
    text = _page(view)
    while len(text.encode()) > LIMIT and (smaller := _smaller(view)):
        view, text = smaller, _page(smaller)
    return text


def _smaller(view: View) -> View | None:
    count = len(view.journeys.journeys)
    if count <= _ENOUGH and view.process and view.process.grouped:
        return replace(view, process=view.process.ungrouped())
    return replace(view, journeys=view.journeys.first(count // 2)) if count > 1 else None


def _page(view: View) -> str:
    css, script = page_css(), '(() => {\n"use strict";\n' + "\n".join(asset(name) for name in _SCRIPTS) + "})();\n"
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(css)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            view=view,
            title="Interaction report",
            csp=policy,
            css=Markup(css),
            script=Markup(script),
            data=Markup(embedded(page_data(view))),
            index=view.journeys.index(),
            days=DAYS,
        )
    )


def page_data(view: View) -> dict[str, Any]:
    """What the script of the page works on: maps with their layouts, and the example journeys, as compact lists."""
    index = view.journeys.index()
    journeys = view.journeys
    return {
        "maps": [m.data(index) for m in (view.process, view.teams) if m],
        "sentences": [m.sentence() for m in (view.process, view.teams) if m],
        "zone": view.reading.zone,
        "costed": any(m.costed for m in (view.process, view.teams) if m),
        "priced": any(m.priced for m in (view.process, view.teams) if m),
        "currency": view.cost.currency,
        "activities": journeys.activities,
        "lanes": journeys.lanes,
        "channels": journeys.channels,
        "journeys": [
            [
                j.id,
                j.intent,
                j.outcome,
                j.started_s,
                round(j.elapsed_s),
                j.handoffs,
                j.more,
                [
                    [
                        round(s.at_s),
                        round(s.length_s),
                        s.activity,
                        s.lane,
                        s.channel,
                        -1 if s.visit is None else s.visit,
                        int(s.is_return),
                    ]
                    for s in j.steps
                ],
            ]
            for j in journeys.journeys
        ],
    }


def embedded(data: Any) -> str:
    """JSON that may stand in a script element: no `<` in it, whatever the log says."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _environment() -> Environment:
    env = Environment(
        loader=PackageLoader("miner.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    parts = {key: i for i, key in enumerate(PARTS)}
    env.filters |= {
        "count": words.number,
        "duration": words.duration,
        "hours": words.hours,
        "exact": words.exact,
        "percent": lambda share: words.percent(share, 1),
        "plural": words.plural,
        "decimal": words.decimal,
        "short_hours": words.short_hours,
        "shorten": lambda text: words.middle(words.label(text), 24),
        "place": _place,
        "unit": _unit,
        "partno": lambda part: parts[part.key],
        "slug": lambda text: re.sub(r"\W+", "-", text.lower()),
    }
    return env


def _place(names: str | Iterable[str]) -> str:
    """One or more names as a value in the fragment of an address, parted by "~"."""
    each = [names] if isinstance(names, str) else names
    return "~".join(quote(name, safe="").replace("~", "%7E") for name in each)


def _unit(column: Column) -> str:
    return _UNITS.get(column.format, "")
