"""Tables that Fivetran copies and no other reader uses: price lists of a kind, passed over where they lie in a folder.

Without it a folder of copied tables would end in an error for every table of brands, tags or time zones.
"""

from __future__ import annotations

from miner.errors import Problem
from miner.events.sink import Sink
from miner.readers.base import Match, Options, Report, SourceFile, UnknownFormat
from miner.readers.tabular.rows import kind_of

NAME = "fivetran"
TITLE = "Other tables copied by Fivetran (skipped)"
LINKED = False

_MARK = {"copied table": ("fivetran_synced",)}


def sniff(file: SourceFile) -> Match | None:
    """A table with the mark of a copy, which every other reader goes before, but not the one of any log."""
    return Match(12, "a table copied by Fivetran") if kind_of(file, _MARK, {}) else None


def read(file: SourceFile, options: Options, sink: Sink) -> Report:
    """Never reads: the table is passed over in a folder, and an error where it was named."""
    raise UnknownFormat(
        Problem(
            "a copied table that no reader uses",
            file.name,
            fix=f"if it is a log, use eventlog:{file.name} and map its columns with --map",
        )
    )
