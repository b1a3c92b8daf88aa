"""The one macro syntax of models: `{{name a, b}}`, a word of this page with what it stands for.

Few on purpose: what engines write in different ways, numbers that would explain nothing, and the rules that many
models share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from miner.errors import Problem, UsageError
from miner.sql.header import Model

_MACRO = re.compile(r"\{\{(\w+)(?: ([^{}]+))?\}\}")

HOUR = 3_600_000_000
DAY = 24 * HOUR
WEEK = 7 * DAY
# Parts of elapsed time, in the order in which spans take a second (definitions: Time, every second once).
PARTS = ("hold", "work", "rework", "customer_wait", "queue_wait")

_SHARED = {
    "hour": str(HOUR),
    "day": str(DAY),
    "week": str(WEEK),
    # Whole hours, days since 1970, also before it: engines round negative numbers towards zero.
    "hours": f"CAST(($1 - ($1 % {HOUR} + {HOUR}) % {HOUR}) / {HOUR} AS BIGINT)",
    "days": f"CAST(($1 - ($1 % {DAY} + {DAY}) % {DAY}) / {DAY} AS BIGINT)",
    # The Monday before; the first one after 1970 began four days in.
    "monday": f"CAST($1 - (($1 - {4 * DAY}) % {WEEK} + {WEEK}) % {WEEK} AS BIGINT)",
    # The nearest-rank percentile $1 of $2, whose rows are numbered by $3 among $4; null without rows.
    "nearest_rank": "min(CASE WHEN 100 * $3 >= $1 * $4 THEN $2 END)",
    **{part: f"{number}" for number, part in enumerate(PARTS, start=1)},
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """An engine's own words: macro → SQL, `$1` for its first argument."""

    name: str
    macros: dict[str, str]

    def render(self, model: Model) -> str:
        """The statement of a model in this dialect; UsageError for a macro that is none, by file and line."""

        def replace(match: re.Match[str]) -> str:
            arguments = [one.strip() for one in (match[2] or "").split(",") if one.strip()]
            template = self.macros.get(match[1])
            if template is None or len(arguments) != max(map(int, re.findall(r"\$(\d)", template)), default=0):
                line = model.first_line + model.body[: match.start()].count("\n")
                fix = f"macros: {', '.join(sorted(self.macros))}"
                raise UsageError(Problem(f"cannot read the macro {match[0]!r}", model.file, line, fix=fix))
            return re.sub(r"\$(\d)", lambda at: arguments[int(at[1]) - 1], template)

        return _MACRO.sub(replace, model.body)


DUCKDB = Dialect(
    "duckdb",
    {
        **_SHARED,
        # A row for each integer from $1 up to $2, that left out.
        "each": "unnest(range($1, $2))",
        # Texts $1 joined by arrows in order of $2.
        "joined": "string_agg($1, ' → ' ORDER BY $2)",
    },
)
