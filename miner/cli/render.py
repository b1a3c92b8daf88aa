"""`miner map` and `miner report`: pictures of a workspace; nothing is mined again."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from miner.errors import UsageError


class Kind(StrEnum):
    """Which map."""

    process = "process"
    teams = "teams"


class Shown(StrEnum):
    """What the arrows show."""

    count = "count"  # type: ignore[assignment]
    time = "time"
    cost = "cost"


class Form(StrEnum):
    """The file's format."""

    svg = "svg"
    png = "png"
    dot = "dot"


class LayoutEngine(StrEnum):
    """What arranges the map."""

    built_in = "built-in"
    system = "system"


_Workspace = Annotated[
    Path, typer.Option("-w", "--workspace", metavar="WORKSPACE", help="Workspace folder made by `run`.")
]
_Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Default: standard output.")]
_Layout = Annotated[LayoutEngine, typer.Option(help="The bundled Graphviz, or the installed `dot`.")]


def map(
    workspace: _Workspace = Path("workspace"),
    kind: Annotated[Kind, typer.Option(help="Activities, or handoffs between teams.")] = Kind.process,
    show: Annotated[Shown, typer.Option(help="Edge labels: frequency, waiting time, or cost.")] = Shown.count,
    activities: Annotated[int | None, typer.Option(min=1, help="How many activities (or teams) to show.")] = None,
    paths: Annotated[
        int | None, typer.Option(min=0, help="How many paths to show; at least enough to reach every step.")
    ] = None,
    format: Annotated[Form | None, typer.Option(help="Default: from the output file's extension, else svg.")] = None,
    by_silo: Annotated[
        bool | None,
        typer.Option("--by-silo/--no-silo", help="Group nodes by silo. Default: yes for teams, no for activities."),
    ] = None,
    output: _Output = None,
    layout: _Layout = LayoutEngine.built_in,
) -> None:
    """Draw a map of a workspace as SVG, PNG or DOT.

    Examples:

        miner map -o process.svg

        miner map --kind teams --show time --format png -o teams.png
    """
    from miner.report import draw_map
    from miner.workspace import Workspace

    form = format or _ending(output)
    if output is None and form == "png" and sys.stdout.isatty():
        raise UsageError("a PNG picture cannot be shown in a terminal", fix="give -o FILE.png")
    data = draw_map(
        Workspace.open(workspace), kind.value, show.value, activities, paths, form.value, layout.value, by_silo
    )
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(data)
        typer.echo(str(output), err=True)


def _ending(output: Path | None) -> Form:
    ending = output.suffix[1:].lower() if output else ""
    return Form(ending) if ending in set(Form) else Form.svg


def report(
    workspace: _Workspace = Path("workspace"),
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="A copy here; else WORKSPACE/report.html.")
    ] = None,
) -> None:
    """Write the report of a workspace anew: one page that opens from disk without network.

    Examples:

        miner report

        miner report -w workspace -o handoffs.html
    """
    import shutil

    from miner.report import write
    from miner.workspace import Workspace

    page = write(Workspace.open(workspace))
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        page = Path(shutil.copyfile(page, output))
    typer.echo(str(page))
