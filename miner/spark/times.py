"""Columns of times as microseconds since 1970, in Spark's SQL: what a plain log may hold without a guess."""

from __future__ import annotations

import re

from miner.errors import UsageError

# Tokens of --time-format in the letters of Java.
_LETTERS = {
    "Y": "yyyy",
    "y": "yy",
    "m": "MM",
    "d": "dd",
    "H": "HH",
    "I": "hh",
    "M": "mm",
    "S": "ss",
    "f": "SSSSSS",
    "p": "a",
    "b": "MMM",
    "B": "MMMM",
    "a": "EEE",
    "z": "xx",
}
# Digits at most, and how many microseconds one of the unit has.
_EPOCHS = ((11, "* 1000000"), (14, "* 1000"), (17, "* 1"), (19, "/ 1000"))
_ZONED = r"(Z|[+-]\\d{2}:?\\d{2})$"


def microseconds(cell: str, kind: str, tz: str | None, form: str | None) -> str:
    """SQL for a cell as microseconds in UTC, null where it is no time; `kind` is the column's type in Spark.

    A text is ISO 8601, a number since 1970 by its digits, or of the format that the user gives.
    """
    if kind == "timestamp":
        return f"unix_micros({cell})"
    if kind == "timestamp_ntz":
        return f"unix_micros({_utc(f'CAST({cell} AS TIMESTAMP)', tz)})"
    text = f"trim(CAST({cell} AS STRING))"
    if form:
        read = f"try_to_timestamp({text}, '{_java(form)}')"
        return f"unix_micros({read if '%z' in form else _utc(read, tz)})"
    read = f"try_cast({text} AS TIMESTAMP)"
    iso = f"CASE WHEN {text} RLIKE '{_ZONED}' THEN {read} ELSE {_utc(read, tz)} END"
    whole = f"split_part({text}, '.', 1)"
    whens = " ".join(
        f"WHEN length({whole}) <= {digits} THEN CAST(floor(try_cast({text} AS DECIMAL(25, 6)) {factor}) AS BIGINT)"
        for digits, factor in _EPOCHS
    )
    return f"CASE WHEN {text} RLIKE '^[0-9]{{9,19}}([.][0-9]+)?$' THEN CASE {whens} END ELSE unix_micros({iso}) END"


def _utc(timestamp: str, tz: str | None) -> str:
    return f"to_utc_timestamp({timestamp}, '{tz}')" if tz else timestamp


def _java(form: str) -> str:
    """A format of strptime in the letters of Java; UsageError for a token that has none."""

    def token(match: re.Match[str]) -> str:
        if match[1] not in _LETTERS:
            raise UsageError(
                f"--time-format {form!r}: %{match[1]} is not read with --engine spark",
                fix=f"build it from {' '.join('%' + letter for letter in _LETTERS)}",
            )
        return _LETTERS[match[1]]

    plain = re.sub(r"[A-Za-z]+", lambda word: f"''{word[0]}''", re.sub(r"%(\w)", "\0", form))
    tokens = iter(re.finditer(r"%(\w)", form))
    return re.sub("\0", lambda _: token(next(tokens)), plain)
