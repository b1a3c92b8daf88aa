"""What Spark calls differently: its macros, and DuckDB's functions written in Spark's SQL.

With these functions in a session the statements of the models run as they stand.
"""

from __future__ import annotations

from miner.sql.macros import DUCKDB, Dialect

SPARK = Dialect(
    "spark",
    {
        **DUCKDB.macros,
        "each": "explode(sequence($1, $2 - 1))",
        "joined": "listagg($1, ' → ') WITHIN GROUP (ORDER BY $2)",
        "list": "array($*)",
        "list_in_order": "transform(array_sort(collect_list(named_struct('at', $2, 'item', $1))), x -> x.item)",
        "distinct_list": "array_sort(collect_set($1))",
        "total": "CAST(sum(CAST(round(($1) * 1e6) AS DECIMAL(28, 0))) AS DOUBLE) / 1e6",
        "date": "date_format(timestamp_micros($1), 'yyyy-MM-dd')",
    },
)
FUNCTIONS = (
    "epoch_us(moment TIMESTAMP_NTZ) RETURNS BIGINT RETURN unix_micros(CAST(moment AS TIMESTAMP))",
    "json_extract_string(text STRING, path STRING) RETURNS STRING RETURN get_json_object(text, path)",
    "regexp_matches(text STRING, pattern STRING) RETURNS BOOLEAN RETURN text RLIKE pattern",
    "list_extract(items ARRAY<BIGINT>, place INT) RETURNS BIGINT RETURN element_at(items, place)",
    "list_has_all(items ARRAY<BIGINT>, some ARRAY<BIGINT>) RETURNS BOOLEAN RETURN size(array_except(some, items)) = 0",
    "unnest(items ARRAY<BIGINT>) RETURNS TABLE (item BIGINT) RETURN SELECT explode(items)",
)
