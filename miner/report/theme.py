"""The look: style sheets of the page, and the same colours for pictures that stand alone."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


@cache
def asset(name: str) -> str:
    """A style sheet or script of the report, as text."""
    return files("miner.report").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def standalone() -> str:
    """The style of a map on its own: the light colours written out, for viewers that know no variables."""
    colours = dict(re.findall(r"--(\w+): ([^;]+);", asset("theme.css")))
    return re.sub(r"var\(--(\w+)\)", lambda match: colours[match[1]], asset("map.css"))


def page_css() -> str:
    """The style sheet of the page: light, dark where the reader's system is dark, and never dark on paper."""
    dark = f"@media screen and (prefers-color-scheme: dark) {{\n{asset('dark.css')}}}\n"
    return asset("theme.css") + dark + asset("map.css") + asset("report.css") + asset("print.css")
