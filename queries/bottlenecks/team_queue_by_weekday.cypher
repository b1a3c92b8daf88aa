// title: Queues before teams by weekday
// question: On which weekdays does work pile up for a team, and on which does it wait?
// params: team = null (str, only this team or queue; all if null), limit = 700 (int, largest number of rows)
// returns: team, weekday (1 is Monday, in the zone of the team's calendar, else of the run), arrivals (waits that begin
//   on it, count), began_s_total (seconds that these wait, summed, whenever that is), waiting_s_total (waited seconds
//   that lie on the weekday, whenever the wait began; the customer's own time is left out of both)
// reading: A row is a weekday of a team. What begins on a Friday may wait over the weekend: began_s_total shows for
//   which arrivals people are missing, waiting_s_total when journeys wait.
MATCH (h:QueueHour)
WHERE $team IS NULL OR h.team = $team
WITH h.team AS team, h.weekday AS weekday, sum(h.arrivals) AS arrivals, sum(h.began_s_total) AS began_s_total,
     sum(h.waiting_s_total) AS waiting_s_total
RETURN team, weekday, arrivals, began_s_total, waiting_s_total
ORDER BY began_s_total DESC, team, weekday
LIMIT $limit
