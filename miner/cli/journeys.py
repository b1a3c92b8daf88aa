"""`miner journeys explain`: why interactions are one journey."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from miner.cli.plain import json_text, printable

if TYPE_CHECKING:
    from miner.journeys.explain import Explanation

app = typer.Typer(help="How interactions were joined to journeys.", no_args_is_help=True)


class Form(StrEnum):
    """How the answer is written."""

    text = "text"
    json = "json"


@app.callback()
def _group() -> None:
    """How interactions were joined to journeys."""


@app.command()
def explain(
    name: Annotated[str, typer.Argument(metavar="ID", help="A journey, or an interaction in it.")],
    workspace: Annotated[
        Path, typer.Option("-w", "--workspace", metavar="WORKSPACE", help="Workspace folder made by `run`.")
    ] = Path("workspace"),
    form: Annotated[Form, typer.Option("--format", help="Sentences, or JSON for programs.")] = Form.text,
) -> None:
    """Say why each interaction is in a journey, and why the customer's others are not.

    Examples:

        miner journeys explain zendesk:40311 -w workspace
    """
    from miner.journeys.explain import explain as explained
    from miner.workspace import Workspace

    explanation = explained(Workspace.open(workspace), name)
    if form is Form.json:
        typer.echo(json_text(asdict(explanation)))
    else:
        _say(explanation)


def _say(explanation: Explanation) -> None:
    typer.echo(printable(f"Journey {explanation.journey}: {explanation.about}."))
    for number, step in enumerate(explanation.steps, 1):
        typer.echo(printable(f"{number:3}. {step.interaction}, {step.what}, {step.started_at:%Y-%m-%d %H:%M} UTC:"))
        typer.echo(printable(f"     {step.why}."))
    if explanation.apart:
        typer.echo("Other journeys of the same customer:")
        for step in explanation.apart:
            typer.echo(printable(f"   - {step.interaction}, {step.what}, {step.started_at:%Y-%m-%d %H:%M} UTC:"))
            typer.echo(printable(f"     {step.why}."))
