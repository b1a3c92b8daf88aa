-- query: bottlenecks/team_queue_by_weekday_hour
SELECT weekday, hour, wait_s AS began_s_total, waiting_s AS waiting_s_total
FROM queue_hours
WHERE team = $team
ORDER BY began_s_total DESC, weekday, hour
