// title: Queues before teams
// question: For which teams do journeys wait, how long, how many at a time, and how many customers give up?
// params: team = null (str, only this team or queue; all if null), limit = 25 (int, largest number of rows)
// returns: team (who is waited for; the queue where owners are people or nobody took it up), kind (team, queue or
//   person), waits (one a visit and one a contact that was given up, count), journeys (with at least one), handed_over
//   (waits after a handoff, count), queued (waits that went through a queue, count), gave_up (waits that ended with the
//   customer giving up, count), gave_up_share (of the queued ones, 0 to 1), wait_s_total (seconds, summed: the next
//   three together; the customer's own time is left out), handed_s_total (seconds of it after a handoff),
//   routing_s_total (seconds of it before the first owner), queue_s_total (seconds of it in a queue), gave_up_s_total
//   (seconds of it until the customer gave up), wait_s_median (seconds, zeros in), wait_s_p95 (seconds),
//   queued_s_median (seconds, of the waits that went through a queue), queued_s_p95 (seconds), share (of all such
//   waiting, 0 to 1), arrivals_per_h (waits per calendar hour), mean_waiting (journeys waiting at a time, on average:
//   arrivals per hour times mean wait in hours, Little's law)
// reading: A row is a team, ranked by the total. mean_waiting is the length of its queue; calendar hours run from the
//   log's first to its last event, nights and weekends included.
MATCH (q:Queue)
WHERE $team IS NULL OR q.id = $team
RETURN q.id AS team, q.kind AS kind, q.waits AS waits, q.journeys AS journeys, q.handed_over AS handed_over,
       q.queued AS queued, q.gave_up AS gave_up, q.gave_up_share AS gave_up_share, q.wait_s_total AS wait_s_total,
       q.handed_s_total AS handed_s_total, q.routing_s_total AS routing_s_total, q.queue_s_total AS queue_s_total,
       q.gave_up_s_total AS gave_up_s_total,
       q.wait_s_median AS wait_s_median, q.wait_s_p95 AS wait_s_p95,
       q.queued_s_median AS queued_s_median, q.queued_s_p95 AS queued_s_p95, q.share AS share,
       q.arrivals_per_h AS arrivals_per_h, q.mean_waiting AS mean_waiting
ORDER BY wait_s_total DESC, team
LIMIT $limit
