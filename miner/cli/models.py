"""`miner model`: the process models of a workspace, and how well they fit."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Form(StrEnum):
    """Which file."""

    bpmn = "bpmn"
    pnml = "pnml"
    ptml = "ptml"
    dfg = "dfg"


def model(
    workspace: Annotated[
        Path, typer.Option("-w", "--workspace", metavar="WORKSPACE", help="Workspace folder made by `run`.")
    ] = Path("workspace"),
    format: Annotated[Form | None, typer.Option(help="BPMN, Petri net, process tree, or the counts as JSON.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Default: standard output.")
    ] = None,
) -> None:
    """Say how well the process model fits, or hand out one of its files.

    Examples:

        miner model

        miner model --format bpmn -o process.bpmn
    """
    from miner.errors import UsageError
    from miner.models import FILES, QUALITY, discover
    from miner.workspace import Workspace

    opened = Workspace.open(workspace)
    if "dfg" not in opened.tables():
        raise UsageError(f"{workspace} has no tables yet", fix=f"make them with: miner run SOURCE -o {workspace}")
    quality = opened.read_json(QUALITY) or discover(opened)
    wanted = format or (Form(_ending(output)) if output else None)
    if wanted is None:
        print(quality["remark"])
        for kind, name in FILES.items():
            if (opened.path / name).is_file():
                print(f"  {kind:5} {opened.path / name}")
        return
    source = opened.path / FILES[wanted.value]
    if not source.is_file():
        raise UsageError(f"there is no {wanted.value} file", fix=quality["remark"])
    if output is None:
        sys.stdout.buffer.write(source.read_bytes())
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(source.read_bytes())
        typer.echo(f"{output}: {quality['remark']}", err=True)


def _ending(output: Path) -> str:
    ending = output.suffix[1:].lower()
    return {"json": "dfg"}.get(ending, ending if ending in set(Form) else "bpmn")
