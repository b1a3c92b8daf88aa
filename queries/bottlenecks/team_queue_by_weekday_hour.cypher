// title: Queues before teams by weekday and hour
// question: At which hours of the week does work pile up for a team?
// params: team = null (str, only this team or queue; all if null), limit = 168 (int, largest number of rows)
// returns: team, weekday (1 is Monday, in the zone of the team's calendar, else of the run), hour (0 to 23), arrivals
//   (waits that begin in it, count), began_s_total (seconds that these wait, summed), waiting_s_total (waited seconds
//   that lie in the hour, whenever the wait began), taken_up (visits that begin in it, count)
// reading: A row is an hour of the week of a team, the worst first: what begins then waits longest in total.
MATCH (h:QueueHour)
WHERE $team IS NULL OR h.team = $team
RETURN h.team AS team, h.weekday AS weekday, h.hour AS hour, h.arrivals AS arrivals, h.began_s_total AS began_s_total,
       h.waiting_s_total AS waiting_s_total, h.taken_up AS taken_up
ORDER BY began_s_total DESC, team, weekday, hour
LIMIT $limit
