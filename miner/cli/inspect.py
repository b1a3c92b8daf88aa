"""`miner inspect`: what would be read, and the command line that fixes it. Writes nothing but the mapping asked for."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from miner.cli import options as o
from miner.readers import Report


def inspect(
    sources: o.Sources,
    map_: o.Map = None, mapping: o.Mapping = None, tz: o.Zone = None, time_format: o.TimeFormat = None, dayfirst: o.DayFirst = None,
    missing: o.Missing = None, silos: o.Silos = None, good: o.Good = None, rates: o.Rates = None, calendar: o.Calendar = None,
    journeys: o.Journeys = None, window: o.Window = None,
    write_mapping: Annotated[Path | None, typer.Option("--write-mapping", metavar="FILE.yaml", help="Save the mapping for --mapping.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:  # fmt: skip
    """Show the format found, the columns mapped and why, the time zone, and the problems.

    Examples:

        miner inspect tickets.csv

        miner inspect exports/ --write-mapping mapping.yaml
    """
    from miner.pipeline import look

    settings = o.settings(map_, mapping, tz=tz, time_format=time_format, dayfirst=dayfirst, missing=missing, silos=silos, good=good,
                          rates=rates, calendar=calendar, journeys=journeys, window=window)  # fmt: skip
    found, reports = look(sources, settings)
    if write_mapping is not None:
        _save(reports, write_mapping, settings.tz)
    if as_json:
        typer.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    console = Console(highlight=False)
    for report in reports:
        _show(console, report)
    for note in found["notes"]:
        shown = f" ({'; '.join(note['examples'])})" if note["examples"] else ""
        console.print(f"[yellow]note[/yellow] {note['count']:,} × {escape(note['message'])}{escape(shown)}")
    for example in found["rejects"]["examples"]:
        console.print(f"[yellow]rejected[/yellow] {escape(str(example['source']))}:{example['line']} {escape(str(example['reason']))}: {escape(str(example['value']))}")
    if found["passed_over"]:
        console.print(f"[dim]not read: {escape(', '.join(found['passed_over']))}[/dim]")
    console.print(f"Journeys: {found['journeys']}")
    console.print(f"Run it: [bold]{escape(_command(sources, reports, settings.tz))}[/bold]", soft_wrap=True)


def _show(console: Console, report: Report) -> None:
    console.print(f"[bold]{escape(report.file)}[/bold]: {report.reader} ({escape(report.why)})")
    console.print(f"  {report.rows:,} rows, {report.events:,} events, {report.rejected:,} rejected; times: {escape(report.time or '—')}")
    if report.columns:
        table = Table("key", "column", "why", box=None, padding=(0, 2), show_header=True, header_style="dim")
        for key, column in report.columns.items():
            table.add_row(key, escape(column), escape(report.reasons.get(key, "")))
        console.print(table)
    if report.unmapped:
        console.print(f"  [dim]not used: {escape(', '.join(report.unmapped[:30]))}[/dim]", soft_wrap=True)


def _command(sources: list[str], reports: list[Report], tz: str | None) -> str:
    words = ["miner", "run", *sources]
    if len(reports) == 1:
        for key, column in reports[0].columns.items():
            words += ["--map", f"{key}={column}"]
    return shlex.join(words + (["--tz", tz] if tz else []))


def _save(reports: list[Report], path: Path, tz: str | None) -> None:
    import yaml

    content: dict[str, Any] = {"tz": tz} if tz else {}
    content["sources"] = {r.file: {"reader": r.reader, "map": asdict(r)["columns"]} for r in reports}
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
