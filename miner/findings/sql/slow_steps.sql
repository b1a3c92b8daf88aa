-- query: bottlenecks/transitions
SELECT from_activity, to_activity, "count", median_s, p95_s, own_wait_s_total,
       own_wait_s_total / nullif(sum(own_wait_s_total) OVER (), 0) AS share
FROM steps
ORDER BY own_wait_s_total DESC, from_activity, to_activity
LIMIT $most
