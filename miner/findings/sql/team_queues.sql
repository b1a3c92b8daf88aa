-- query: bottlenecks/team_queues
SELECT team, kind, waits, journeys, queued, gave_up, gave_up_share, wait_s AS wait_s_total,
       handed_s AS handed_s_total, routing_s AS routing_s_total, queue_s AS queue_s_total,
       gave_up_s AS gave_up_s_total, median_s AS wait_s_median, p95_s AS wait_s_p95,
       queued_median_s AS queued_s_median, queued_p95_s AS queued_s_p95, share, waiting_little AS mean_waiting
FROM queues
ORDER BY wait_s_total DESC, team
