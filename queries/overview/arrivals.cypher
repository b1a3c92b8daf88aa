// title: Busiest hours
// question: At which hours of the week do customers contact us?
// params: channel = null (str, only this channel; all if null), system = null (str, only this system; all if null),
//   limit = 168 (int, largest number of rows)
// returns: weekday (1 is Monday, in the run's time zone), hour (0 to 23), contacts (conversations that started in it,
//   count), share (of all, 0 to 1), most (contacts in the busiest single hour of them)
// reading: A row is an hour of the week, the busiest first. Compare with the shifts and with bottlenecks/
//   team_queue_by_weekday_hour: if waiting peaks and arrivals do not, staffing is the cause.
MATCH (i:Interaction)
WHERE i.kind = 'contact' AND i.conversation = i.id AND ($channel IS NULL OR i.channel = $channel)
  AND ($system IS NULL OR i.system = $system)
WITH i.started_hour AS hours, count(*) AS n
WITH (hours / 24 + 3) % 7 + 1 AS weekday, hours % 24 AS hour, sum(n) AS contacts, max(n) AS most
WITH collect({weekday: weekday, hour: hour, contacts: contacts, most: most}) AS week, sum(contacts) AS whole
UNWIND week AS x
RETURN x.weekday AS weekday, x.hour AS hour, x.contacts AS contacts, 1.0 * x.contacts / whole AS share, x.most AS most
ORDER BY contacts DESC, weekday, hour
LIMIT $limit
