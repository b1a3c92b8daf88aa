// title: Changes of channel
// question: Which handoffs change the channel, and how long do they take?
// params: limit = 50 (int, largest number of rows)
// returns: from_channel (of the last event before), to_channel (of the first event after), handoffs (count),
//   journeys (count), wait_s_total (their own waits, seconds), wait_s_median (seconds)
// reading: A row is a change. From chat to voice means that the chat could not resolve it.
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)
WHERE h.changes_channel = true
WITH a.last_channel AS from_channel, b.channel AS to_channel, h.own_wait_s AS wait, b.journey AS journey
ORDER BY wait
WITH from_channel, to_channel, count(*) AS handoffs, count(DISTINCT journey) AS journeys, sum(wait) AS wait_s_total,
     collect(wait) AS waits
RETURN from_channel, to_channel, handoffs, journeys, wait_s_total,
       waits[(50 * size(waits) + 99) / 100 - 1] AS wait_s_median
ORDER BY handoffs DESC, from_channel, to_channel
LIMIT $limit
