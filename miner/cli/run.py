"""`miner run`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from miner.cli import options as o
from miner.cli.plain import Plain, json_text
from miner.cli.progress import Terminal
from miner.summary import Summary
from miner.wording import percent, plural
from miner.workspace import Workspace

if TYPE_CHECKING:
    from miner.graph.neo4j import Login


@o.with_options()
def run(
    sources: o.Sources,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="WORKSPACE", help="The folder for the result.")
    ] = Path("workspace"),
    given: o.Given = o.Given(),  # noqa: B008 - it is replaced by the options
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json, and nothing else, to stdout.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Read, stitch, measure, price, model, build the graph, query, report.

    Examples:

        miner run exports/ -o workspace

        miner run tickets.csv --map case=ticket_id --map activity=status --map time=changed_at --map team=group

        miner run zendesk:audits.json calls.jsonl --silos teams.csv --tz Europe/Berlin
    """
    from miner.pipeline import run as run_pipeline

    settings = given.settings()
    server = _reach(settings.graph) if "://" in settings.graph else None
    with Terminal(quiet) as progress:
        workspace = run_pipeline(sources, output, settings, progress, server)
    if as_json:
        typer.echo(json_text(workspace.summary))
    elif not quiet:
        _show(workspace)


def _reach(uri: str) -> Login:
    """Ask for the password where it is missing, and knock, before an hour is spent on reading."""
    from miner.cli.load import login_of
    from miner.graph.neo4j import reach

    server = login_of(uri, None)
    reach(server)
    return server


def _show(workspace: Workspace) -> None:
    """What was read, the three biggest problems, and where the report is: one screen."""
    console = Plain(highlight=False, soft_wrap=True)
    summary, quality = workspace.summary, workspace.quality
    for source in quality.get("sources", [])[:8]:
        left = f", {source['rejected']:,} rejected (rejects.csv)" if source["rejected"] else ""
        console.print(f"[bold]{escape(source['file'])}[/bold]: {source['events']:,} events as {source['reader']}{left}")
    for note in quality.get("notes", [])[:4]:
        console.print(f"[yellow]note[/yellow] {escape(note['message'])}")
    if summary:
        console.print(_sentence(summary))
    first = {finding.get("group", at): finding for at, finding in reversed([*enumerate(summary.get("findings", []))])}
    for number, (_, finding) in enumerate(sorted(first.items())[:3], start=1):
        console.print(f"  {number}. {escape(finding['title'])}")
    page = workspace.path / "report.html"
    if page.exists():
        console.print(f"Open [bold]{escape(str(page))}[/bold]")


def _sentence(summary: Summary) -> str:
    counted = f"{plural(summary['events'], 'event')} in {plural(summary['journeys'], 'journey')}"
    handed, handoffs, came_back = summary["journeys_with_handoff"], summary["handoffs"], summary["journeys_with_return"]
    if handed is None or handoffs is None or came_back is None:
        return f"{counted}; no team or agent is named, so handoffs are not known (--map team=COLUMN)."
    share, were = percent(handed, summary["journeys"]), "was" if handed == 1 else "were"
    return (
        f"{counted}; {handed:,} ({share}) {were} handed over, {plural(handoffs, 'time')}; "
        f"{came_back:,} came back to an owner that had {'it' if came_back == 1 else 'them'} before."
    )
