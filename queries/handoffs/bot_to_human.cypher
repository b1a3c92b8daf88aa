// title: From bot to human
// question: Which bots hand over to which teams, how often, and how long do customers then wait?
// params: limit = 50 (int, largest number of rows)
// returns: bot, to_team, handoffs (count), journeys (count), wait_s_total (their own waits, seconds), wait_s_median
//   (seconds), wait_s_p95 (seconds)
// reading: A row is a bot and the team that takes over. A long wait undoes the bot's savings.
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)
WHERE h.kind = 'bot_to_human'
WITH a.team AS bot, b.team AS to_team, h.own_wait_s AS wait, b.journey AS journey
ORDER BY wait
WITH bot, to_team, count(*) AS handoffs, count(DISTINCT journey) AS journeys, sum(wait) AS wait_s_total,
     collect(wait) AS waits
RETURN bot, to_team, handoffs, journeys, wait_s_total, waits[(50 * size(waits) + 99) / 100 - 1] AS wait_s_median,
       waits[(95 * size(waits) + 99) / 100 - 1] AS wait_s_p95
ORDER BY handoffs DESC, bot, to_team
LIMIT $limit
