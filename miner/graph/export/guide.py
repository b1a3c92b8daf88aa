"""The library of queries in Neo4j's own tools: files and guides for Neo4j Browser, a dashboard for NeoDash.

Nothing of a log is in them: where a query needs an id, Neo4j looks for an example itself.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from miner.graph.cypher.header import Param
from miner.graph.cypher.library import Query, queries
from miner.graph.cypher.scope import scoped
from miner.graph.schema import NODES

Shown = tuple[Query, str]

# Expressions of Neo4j (5.6 or later) that find an example of what a query must be given.
EXAMPLES = {
    "journey": "MATCH (j:Journey) RETURN j.id ORDER BY j.handoffs DESC, j.id LIMIT 1",
    "team": "MATCH (t:Team) RETURN t.id ORDER BY t.returns_in DESC, t.id LIMIT 1",
    "from_activity": "MATCH (a)-[d:DF_C]->(b:Activity) RETURN a.id ORDER BY d.total_s DESC, a.id, b.id LIMIT 1",
    "to_activity": "MATCH (a:Activity)-[d:DF_C]->(b) RETURN b.id ORDER BY d.total_s DESC, a.id, b.id LIMIT 1",
    "path": "MATCH (p:SiloPath) RETURN p.path ORDER BY p.journeys DESC, p.id LIMIT 1",
}
COLOURS = (
    "#4C8BF5",
    "#E8710A",
    "#12A37F",
    "#C5221F",
    "#9334E6",
    "#B58900",
    "#00838F",
    "#6D4C41",
    "#5F6368",
    "#AD1457",
    "#9AA0A6",
    "#7CB342",
    "#3949AB",
)
_EMPTY = {"str": '""', "int": "0", "float": "0.0", "bool": "false", "list": "[]"}
SCHEMA = "CALL db.schema.visualization();"
ENCLOSED = ("README.md", "serve.py")
INTRODUCTION = (
    "What customers went through, as a graph: journeys, the visits they paid to teams, the handoffs between them. "
    "Each page is a question with its query; a query is run by a click and can be changed."
)


def write_browser_guide(folder: Path, within: str | None = None) -> list[Path]:
    """A .cypher file for each query, the guide in both forms that Neo4j Browser reads, and a style; their paths.

    `within` is the name of one workspace, where a database holds several: the queries ask only that.
    """
    library = [(query, browser_text(query, within)) for query in queries().values()]
    texts = {f"queries/{query.name}.cypher": text for query, text in library}
    texts |= {"guide.adoc": _asciidoc(library), "guide.html": _html(library), "style.grass": _style()}
    texts |= {name: files("miner.graph.export").joinpath("tools", name).read_text("utf-8") for name in ENCLOSED}
    written = []
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written


def browser_text(query: Query, within: str | None = None) -> str:
    """A query as Neo4j Browser and cypher-shell run it: its title, a :param line for each parameter, the statement."""
    header = query.header
    lines = [f"// {header.title}", f"// {header.question}", *(_param(param, within) for param in header.params)]
    if within is not None:
        lines.append(f":param workspace => {literal(within)};")
    return "\n".join(lines) + f"\n{limited(query.cypher, within).rstrip()};\n"


def limited(cypher: str, within: str | None) -> str:
    """A statement of ours that asks only one workspace, `$workspace`; all there is where there is no other."""
    return cypher if within is None else scoped(cypher)


def literal(value: object) -> str:
    """A value as Cypher: JSON is Cypher for text, numbers, booleans, null and lists of them."""
    return json.dumps(value, ensure_ascii=False)


def _param(param: Param, within: str | None) -> str:
    value = literal(param.default)
    if param.required and param.name in EXAMPLES:
        example = limited(EXAMPLES[param.name], within).replace("$workspace", literal(within))
        value = f"head(COLLECT {{ {example} }})"
    elif param.required:
        value = _EMPTY[param.type]
    return f":param {param.name} => {value};"


def _folders(library: Iterable[Shown]) -> dict[str, list[Shown]]:
    folders: dict[str, list[Shown]] = {}
    for query, text in library:
        folders.setdefault(query.name.partition("/")[0], []).append((query, text))
    return folders


def _asciidoc(library: list[Shown]) -> str:
    """The guide for Neo4j Browser from 2025 on, a slide for each query."""
    lines = ["= Interactions", "", "== The graph of interactions", "", INTRODUCTION, "", *_block(SCHEMA)]
    for folder, shown in _folders(library).items():
        for query, text in shown:
            header = query.header
            lines += ["", f"== {folder.capitalize()}: {_plain(header.title)}", "", f"*{_plain(header.question)}*", ""]
            lines += [*_block(text), "", _plain(header.reading)]
    return "\n".join(lines) + "\n"


def _block(cypher: str) -> list[str]:
    return ["[source,cypher]", "----", cypher.rstrip(), "----"]


def _plain(text: str) -> str:
    """Text in which AsciiDoc finds no markup."""
    return f"pass:c[{text.replace(']', '&#93;')}]" if any(mark in text for mark in "*_`#^~{[<+") else text


def _html(library: list[Shown]) -> str:
    """The guide for Neo4j Browser of Neo4j 5 and before, a slide for each query."""
    slides = [_slide("The graph of interactions", INTRODUCTION, SCHEMA, "")]
    for folder, shown in _folders(library).items():
        rows = "".join(f"<li>{html.escape(f'{query.title}: {query.header.question}')}</li>" for query, _ in shown)
        slides.append(
            f'<slide class="row-fluid"><div class="col-sm-12"><h3>{folder.capitalize()}</h3>'
            f"<ul>{rows}</ul></div></slide>"
        )
        slides += [_slide(q.title, q.header.question, text, q.header.reading) for q, text in shown]
    deck = "\n".join(slides)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Interactions</title></head><body>\n'
        f'<article class="guide">\n<carousel class="deck container-fluid">\n{deck}\n</carousel>\n</article>\n'
        "</body></html>\n"
    )


def _slide(title: str, question: str, cypher: str, reading: str) -> str:
    return (
        f'<slide class="row-fluid"><div class="col-sm-3"><h3>{html.escape(title)}</h3>'
        f'<p class="lead">{html.escape(question)}</p></div><div class="col-sm-9">'
        f'<figure><pre class="pre-scrollable code runnable">{html.escape(cypher.rstrip())}</pre></figure>'
        f"<p>{html.escape(reading)}</p></div></slide>"
    )


def _style() -> str:
    """Names and colours for Neo4j Browser, dropped into its window or given to :style."""
    lines = [
        "node { diameter: 50px; color: #A5ABB6; border-color: #9AA1AC; border-width: 2px; "
        "text-color-internal: #FFFFFF; font-size: 10px; }",
        "relationship { color: #A5ABB6; shaft-width: 1px; font-size: 8px; padding: 3px; "
        "text-color-external: #000000; text-color-internal: #FFFFFF; caption: '<type>'; }",
    ]
    for node, colour in zip(NODES, COLOURS, strict=True):
        caption = {"Visit": "team", "Event": "activity", "SiloPath": "journeys"}.get(node.label, "id")
        lines.append(
            f"node.{node.label} {{ color: {colour}; border-color: {colour}; "
            f"text-color-internal: #FFFFFF; caption: '{{{caption}}}'; }}"
        )
    lines.append("relationship.HANDS_OFF_TO { color: #E8710A; shaft-width: 3px; caption: '{handoffs}'; }")
    return "\n".join(lines) + "\n"
