"""Rows of a query for a person (a table), a spreadsheet (CSV) or a program (JSON, Parquet)."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miner.cli.plain import json_text, printable
from miner.events.export import harmless
from miner.wording import spoken
from miner.workspace import replacing

if TYPE_CHECKING:
    from rich.console import Console

    from miner.graph import Rows

_NARROWEST = 16  # letters that a column of texts may be folded to
_BETWEEN = 2  # blanks between columns


def shown(rows: Rows, form: str, output: Path | None) -> None:
    """Write rows as table, csv, json or parquet to a file (whole or not at all) or to standard output."""
    if form == "table" and output is None:
        _print_table(rows)
        return
    data = WRITERS[form](rows)
    if output is None:
        if sys.stdout.isatty() and form != "parquet":  # where it is kept it stays as it is
            data = printable(data.decode("utf-8", "replace")).encode()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    with replacing(output) as draft:
        draft.write_bytes(data)
    print(output, file=sys.stderr)


def listing(pairs: list[tuple[str, str]]) -> None:
    """Names with what they stand for, one a line (wrapped beside the name in a terminal)."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in pairs:
        table.add_row(Text(name, style="bold"), Text(text))
    _console().print(table)


def _console() -> Console:
    """The terminal; where there is none, lines may be as long as they need."""
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 240)


def _print_table(rows: Rows) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    # Log text is shown as it is: never read as markup, and without control characters.
    console = _console()
    if not rows.rows:
        console.print(Text(printable(f"no rows ({', '.join(rows.columns)})")))
        return
    cells = [[_cell(name, value) for name, value in zip(rows.columns, row, strict=True)] for row in rows.rows]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    needed = 0
    for at, name in enumerate(rows.columns):
        numbers = all(isinstance(row[at], (int, float)) or row[at] is None for row in rows.rows)
        longest = max(len(name), *(len(row[at]) for row in cells))
        least = longest if numbers else min(longest, _NARROWEST)
        needed += least + _BETWEEN
        table.add_column(
            Text(printable(name)), justify="right" if numbers else "left", overflow="fold", min_width=least
        )
    if needed > console.width:
        _print_records(rows.columns, cells)
    else:
        for row in cells:
            table.add_row(*map(Text, row))
        console.print(table)
    print(f"{len(rows):,} row{'' if len(rows) == 1 else 's'}", file=sys.stderr)


def _print_records(columns: list[str], cells: list[list[str]]) -> None:
    """Each row as lines of `column  value`, for a terminal too narrow for its columns."""
    for row in cells:
        listing([(printable(name), cell) for name, cell in zip(columns, row, strict=True)])
        print()


def _cell(name: str, value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return _number(name, value)
    if isinstance(value, list):
        return " → ".join(_cell("", item) for item in value)
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value))


def _number(name: str, value: float) -> str:
    if name.endswith("_ms"):
        return _moment(int(value))
    if name.endswith(("_s", "_s_total", "_s_median", "_s_p95", "_s_per_bounce")):
        return spoken(value)
    if name in ("hours", "money") or name.endswith(("_h", "_money")) or name.startswith(("hours_", "money_")):
        return f"{value:,.2f}"
    if name == "share" or name.endswith(("_share", "share_of_from")):
        return f"{100 * value:.1f} %"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"


def _moment(milliseconds: int) -> str:
    from datetime import UTC, datetime, timedelta

    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    return moment.strftime("%Y-%m-%d %H:%M:%S") + "Z"


def _table_text(rows: Rows) -> bytes:
    lines = ["\t".join(rows.columns)]
    lines += ["\t".join(_cell(n, v) for n, v in zip(rows.columns, row, strict=True)) for row in rows.rows]
    return ("\n".join(lines) + "\n").encode()


def _csv(rows: Rows) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(harmless(name) for name in rows.columns)
    writer.writerows([_plain_cell(value) for value in row] for row in rows.rows)
    return text.getvalue().encode()


def _plain_cell(value: Any) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return harmless(value)


def _json(rows: Rows) -> bytes:
    return (json_text(rows.records()) + "\n").encode()


def _parquet(rows: Rows) -> bytes:
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(rows.arrow(), buffer)
    return buffer.getvalue()


WRITERS: dict[str, Callable[[Rows], bytes]] = {"table": _table_text, "csv": _csv, "json": _json, "parquet": _parquet}
