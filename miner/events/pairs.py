"""A user's small CSV of two columns: what is named, and what is said of it."""

from __future__ import annotations

import csv
from pathlib import Path

from miner.errors import InputError, Problem


def read_pairs(path: Path, keys: tuple[str, ...], value: str) -> list[tuple[int, str, str]]:
    """(line, key, value) of each row that has both, in order, stripped; further columns are passed over.

    The key's column is called by the first of `keys` that is there. InputError where a column is missing or the file
    cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as f:
            sample = f.readline()
            f.seek(0)
            rows = csv.DictReader(f, delimiter=max(",;\t", key=sample.count))
            names = {(n or "").strip().lower(): n for n in rows.fieldnames or ()}
            key = next((names[k] for k in keys if k in names), None)
            if key is None or value not in names:
                fix = f"{keys[0]},{value}"
                raise InputError(Problem(f"needs the columns {keys[0]} and {value}", str(path), 1, fix=fix))
            found = [(rows.line_num, (row[key] or "").strip(), (row[names[value]] or "").strip()) for row in rows]
            return [(line, name, said) for line, name, said in found if name and said]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        fix = f"name a CSV in UTF-8 with the columns {keys[0]} and {value}"
        raise InputError(Problem(f"the {value}s cannot be read: {reason}", str(path), fix=fix)) from None
