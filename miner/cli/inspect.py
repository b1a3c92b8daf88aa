"""`miner inspect`: what would be read, and the command line that fixes it. Writes nothing but the mapping asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from miner.cli import options as o
from miner.cli.plain import Plain, command, json_text
from miner.errors import UsageError
from miner.pipeline.settings import Settings, declared
from miner.readers import Report

EXAMPLES = 5
WIDTH = 130  # columns of the table of totals, where the terminal has fewer or is none


@o.with_options(only_reading=True)
def inspect(
    sources: o.Sources,
    given: o.Given = o.Given(),  # noqa: B008 - it is replaced by the options
    write_mapping: Annotated[
        Path | None, typer.Option("--write-mapping", metavar="FILE.yaml", help="Save the mapping for --mapping.")
    ] = None,
    reconcile: Annotated[
        bool, typer.Option("--reconcile", help="Compare the source's own totals with what its events give.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Show the format found, the columns mapped and why, the time zone, and the problems.

    Examples:

        miner inspect tickets.csv

        miner inspect exports/ --write-mapping mapping.yaml

        miner inspect audits.json --reconcile
    """
    from miner.pipeline import look
    from miner.pipeline.sources import prepare

    settings = given.settings()
    quality, reports = look(sources, settings)
    if write_mapping is not None:
        _save(reports, write_mapping, prepare(sources, settings).settings)
    if as_json:
        typer.echo(json_text(quality))
        return
    console = Plain(highlight=False, soft_wrap=True)
    if reconcile:
        _show_totals(console, quality["reconciled"])
        return
    for report in reports:
        _show(console, report)
    for note in quality["notes"]:
        shown = f" ({'; '.join(note['examples'])})" if note["examples"] else ""
        console.print(f"[yellow]note[/yellow] {escape(note['message'])} × {note['count']:,}{escape(shown)}")
    for example in quality["rejects"]["examples"]:
        where = f"{example['source']}:{example['line']}" if example["line"] is not None else example["source"]
        column = f" [{example['column']}]" if example["column"] else ""
        text = f"{where}{column} {example['reason']}: {example['value']}"
        console.print(f"[yellow]rejected[/yellow] {escape(text)}")
    if quality["passed_over"]:
        console.print(f"[dim]not read: {escape(', '.join(quality['passed_over']))}[/dim]")
    console.print(f"Journeys: {quality['journeys']}")
    console.print(f"Run it: [bold]{escape(_command(sources, reports, given))}[/bold]")


def _show(console: Plain, report: Report) -> None:
    console.print(f"[bold]{escape(report.file)}[/bold]: {report.reader} ({escape(report.why)})")
    console.print(
        f"  {report.rows:,} rows, {report.events:,} events, {report.rejected:,} rejected; "
        f"times: {escape(report.time or '—')}"
    )
    if report.columns:
        table = Table("key", "column", "why", box=None, padding=(0, 2), show_header=True, header_style="dim")
        for key, column in report.columns.items():
            table.add_row(key, escape(column), escape(report.reasons.get(key, "")))
        console.print(table)
    if report.unmapped:
        console.print(f"  [dim]not used: {escape(', '.join(report.unmapped[:30]))}[/dim]", soft_wrap=True)


def _show_totals(console: Plain, totals: list[dict[str, Any]]) -> None:
    """Each total of each system beside what it was compared with, and the interactions that differ most."""
    if not totals:
        console.print("The sources contain no totals: there is nothing to compare.")
        return
    table = Table("system", "total", "compared with", box=None, padding=(0, 2), header_style="dim")
    for name in ("interactions", "equal", "different", "declared", "derived"):
        table.add_column(name, justify="right")
    for row in totals:
        numbers = (row[k] for k in ("interactions", "equal", "different", "sum_declared", "sum_derived"))
        shown = ["—" if number is None else f"{number:,.15g}" for number in numbers]
        table.add_row(escape(row["source_system"]), escape(row["total"]), row["compared_with"] or "—", *shown)
    Plain(highlight=False, width=max(console.width, WIDTH)).print(table)
    for row in totals:
        name = escape(f"{row['source_system']} {row['total']}")
        how = f"with {row['compared_with']}: {row['meaning']}" if row["compared_with"] else row["meaning"]
        console.print(f"[dim]{name}: {escape(how)}[/dim]")
        for one in row["examples"][:EXAMPLES]:
            who = escape(one["interaction_id"])
            console.print(f"  {who}: declared {one['declared']:.15g}, derived {one['derived']}")


def _command(sources: list[str], reports: list[Report], given: o.Given) -> str:
    """The command that reads just this; a single table's columns are written out, to be changed where wrong."""
    pairs = given.values["columns"] or []
    if len(reports) == 1 and not given.values["per_source"]:
        pairs = [f"{key}={column}" for key, column in reports[0].columns.items()]
    return command(["miner", "run", *sources, *(word for pair in pairs for word in ("--map", pair)), *given.words()])


def _save(reports: list[Report], path: Path, settings: Settings) -> None:
    """What was found and said, for --mapping: reading with it gives the same."""
    import yaml

    content: dict[str, Any] = {"ignore": list(settings.ignore)} if settings.ignore else {}
    for name, (option, default) in declared().items():
        value = getattr(settings, name)
        if option.check and value != default:
            content[name] = list(value) if isinstance(value, tuple) else value
    content["sources"] = {report.file: _mapping_of(report, settings) for report in reports}
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}", fix="name another file with --write-mapping"
        ) from None


def _mapping_of(report: Report, settings: Settings) -> dict[str, Any]:
    options = settings.options_for(report.file)
    content = {
        "reader": report.reader,
        "map": report.columns or options.columns,
        "time_format": options.time_format,
        "dayfirst": options.dayfirst,
        "missing": list(options.missing),
        "kind": options.kind,
        "records_at": options.records_at,
        "tz": options.tz if options.tz != settings.tz else None,
    }
    return {key: value for key, value in content.items() if value not in (None, [], {})}
