"""Every statement of a model keeps to what DuckDB and Spark read alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot import exp

from miner.spark.dialect import FUNCTIONS, SPARK
from miner.sql import models
from miner.sql.macros import DUCKDB, Dialect

WRITTEN = [name for name, model in models().items() if not model.is_input]
# What one of the engines does not read, or reads as something else.
REFUSED = {
    exp.IgnoreNulls: "IGNORE NULLS",
    exp.Bracket: "an index: Spark counts from 0, DuckDB from 1",
    exp.Interval: "an interval: times are integer microseconds",
    exp.Qualify: "QUALIFY",
    exp.PercentileCont: "an interpolated percentile",
    exp.PercentileDisc: "a percentile: write it with ranks",
    exp.Quantile: "a percentile: write it with ranks",
    exp.Median: "a percentile: write it with ranks",
    exp.ApproxDistinct: "an approximate function",
    exp.ApproxQuantile: "an approximate function",
    exp.ApproxTopK: "an approximate function",
    exp.GroupConcat: "an ordered aggregate: use {{joined text order}}",
    exp.Array: "an array in brackets",
    exp.ArrayAgg: "a list has no order on Spark",
    exp.List: "a list has no order on Spark",
}
KNOWN = {function.partition("(")[0] for function in FUNCTIONS}


def refused(statement: str) -> Iterator[str]:
    """What of a statement is not portable."""
    try:
        parsed = sqlglot.parse_one(statement)
    except sqlglot.ParseError as error:
        yield f"words of one engine: {error}"
        return
    for node in parsed.walk():
        if type(node) in REFUSED:
            yield f"{REFUSED[type(node)]}: {node.sql()}"
        elif isinstance(node, exp.Literal) and not node.is_string and "." in node.name and "e" not in node.name.lower():
            yield f"a decimal, which is no double on Spark: {node.name}; write {node.name}e0"
        elif isinstance(node, exp.Window) and node.args.get("alias") and node.args.get("spec"):
            yield f"a frame on a named window: {node.sql()}"
        elif isinstance(node, exp.Cast) and node.to.this == exp.DType.VARCHAR and not node.to.expressions:
            yield f"a VARCHAR without a length: {node.sql()}"
        elif isinstance(node, exp.Cast) and node.to.this in (exp.DType.INT128, exp.DType.DECIMAL):
            yield f"a type of one engine: {node.sql()}"
        elif isinstance(node, exp.Star) and (node.args.get("except_") or node.args.get("replace")):
            yield f"columns left out of *: {node.sql()}"
        elif isinstance(node, exp.Join) and node.kind in ("SEMI", "ANTI"):
            yield f"{node.kind} JOIN is LEFT {node.kind} JOIN on Spark"
        elif isinstance(node, exp.Anonymous) and node.name not in KNOWN:
            yield f"a function that Spark does not know: {node.name}"


@pytest.mark.parametrize("table", WRITTEN)
def test_a_model_is_portable(table: str) -> None:
    """A model uses nothing that only one engine reads."""
    model = models()[table]
    own = {name: "concat($*)" for name in DUCKDB.macros if DUCKDB.macros[name] != SPARK.macros[name]}
    bare = Dialect("bare", {**DUCKDB.macros, **own})
    assert list(refused(bare.render(model))) == [], model.file


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT max(x) OVER (w ROWS UNBOUNDED PRECEDING) FROM t WINDOW w AS (ORDER BY x)",
        "SELECT x / 3600.0 FROM t",
        "SELECT last_value(x IGNORE NULLS) OVER (ORDER BY y) FROM t",
        "SELECT words[1] FROM t",
        "SELECT x // 2 FROM t",
        "SELECT CAST(x AS VARCHAR) FROM t",
        "SELECT CAST(x AS HUGEINT) FROM t",
        "SELECT percentile_cont(0.5e0) WITHIN GROUP (ORDER BY x) FROM t",
        "SELECT approx_count_distinct(x) FROM t",
        "SELECT string_agg(x, ',' ORDER BY y) FROM t",
        "SELECT list(x ORDER BY y) FROM t",
        "SELECT * EXCLUDE (x) FROM t",
        "SELECT x FROM t SEMI JOIN u USING (x)",
        "SELECT make_timestamp(x) FROM t",
    ],
)
def test_what_only_one_engine_reads_is_refused(statement: str) -> None:
    """Each construct that divided the engines before is found."""
    assert list(refused(statement))


def test_both_dialects_have_the_same_macros() -> None:
    """A macro stands for something in every engine."""
    assert set(SPARK.macros) == set(DUCKDB.macros)
