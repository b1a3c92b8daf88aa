"""The one macro syntax of models: `{{name a, b}}`, a word of this page with what it stands for.

Few on purpose: what engines write in different ways, numbers that would explain nothing, and the rules that many
models share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from miner.errors import Problem, UsageError
from miner.sql.header import Model

_ARGUMENT = re.compile(r"\$(\d)")
_MACRO = re.compile(r"\{\{(\w+)(?: ([^{}]+))?\}\}")

HOUR = 3_600_000_000
DAY = 24 * HOUR
WEEK = 7 * DAY
# What the event that ends a gap says of it, as a number below 8: in a window the least place and number is the next.
_GAP_FOR = {"customer": 1, "handoff": 2, "visit": 3, "routing": 4, "abandoned": 6}
_WHEN_GAP_FOR = " ".join(f"WHEN {number} THEN '{word}'" for word, number in _GAP_FOR.items())

_SHARED = {
    "hour": str(HOUR),
    "day": str(DAY),
    "week": str(WEEK),
    # How long after a contact another one of the same customer and intent counts as its repeat.
    "fcr_window": str(7 * DAY),
    # Whole hours, days since 1970, also before it: engines round negative numbers towards zero.
    "hours": f"CAST(($1 - ($1 % {HOUR} + {HOUR}) % {HOUR}) / {HOUR} AS BIGINT)",
    "days": f"CAST(($1 - ($1 % {DAY} + {DAY}) % {DAY}) / {DAY} AS BIGINT)",
    "as_hours": f"$1 / {HOUR}e0",
    # The Monday before; the first one after 1970 began four days in.
    "monday": f"CAST($1 - (($1 - {4 * DAY}) % {WEEK} + {WEEK}) % {WEEK} AS BIGINT)",
    # The nearest-rank percentile $1 of $2, whose rows are numbered by $3 among $4; null without rows.
    "nearest_rank": "min(CASE WHEN 100 * $3 >= $1 * $4 THEN $2 END)",
    **{f"for_{word}": str(number) for word, number in _GAP_FOR.items()},
    "gap_for": f"CASE $1 {_WHEN_GAP_FOR} END",
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """An engine's own words: macro → SQL, `$1` for its first argument, `$*` for all."""

    name: str
    macros: dict[str, str]

    def render(self, model: Model) -> str:
        """The statement of a model in this dialect; UsageError for a macro that is none, by file and line."""

        def replace(match: re.Match[str]) -> str:
            arguments = [one.strip() for one in (match[2] or "").split(",") if one.strip()]
            template = self.macros.get(match[1], "")
            known = "$*" in template or len(arguments) == max(map(int, _ARGUMENT.findall(template)), default=0)
            if not template or not known:
                line = model.first_line + model.body[: match.start()].count("\n")
                fix = f"macros: {', '.join(sorted(self.macros))}"
                raise UsageError(Problem(f"cannot read the macro {match[0]!r}", model.file, line, fix=fix))
            whole = template.replace("$*", ", ".join(arguments))
            return _ARGUMENT.sub(lambda at: arguments[int(at[1]) - 1], whole)

        return _MACRO.sub(replace, model.body)


DUCKDB = Dialect(
    "duckdb",
    {
        **_SHARED,
        # A row for each integer from $1 up to $2, that left out.
        "each": "unnest(range($1, $2))",
        # Texts $1 joined by arrows in order of $2.
        "joined": "string_agg($1, ' → ' ORDER BY $2)",
        # Lists: of these values; of all values of a group in order of $2; of its distinct values in their own order.
        "list": "list_value($*)",
        "list_in_order": "list($1 ORDER BY $2)",
        "distinct_list": "list(DISTINCT $1 ORDER BY $1)",
        # A sum of doubles depends on the order of the rows, which threads change; to the millionth it does not.
        "total": "sum(CAST(round(($1) * 1e6) AS HUGEINT)) / 1e6",
        # The day of a moment as text.
        "date": "strftime(make_timestamp($1), '%Y-%m-%d')",
    },
)
