// title: What repeat contacts follow
// question: After which channel do customers come back, on which channel, and how soon?
// params: limit = 50 (int, largest number of rows)
// returns: intent, from_channel (of the latest earlier contact; null where unknown), to_channel (of the repeat; null
//   where unknown), repeats (count), customers (count), between_s_median (seconds from the end of the one's contact
//   time to the start of the other)
// reading: A row is a pair of channels. The from_channel with the most repeats is the one that does not
//   resolve this intent. From a bot or chat to voice means that self-service failed.
MATCH (c:Customer)-[:HAS]->(:Journey)<-[:PART_OF]-(r:Interaction)
WHERE r.is_repeat = true AND r.kind = 'contact' AND r.conversation = r.id
MATCH (c)-[:HAS]->(:Journey)<-[:PART_OF]-(p:Interaction)
WHERE p.kind = 'contact' AND p.intent = r.intent AND p.contact_until_ms <= r.started_ms AND p.conversation <> r.conversation
WITH c.id AS customer, r, p
ORDER BY p.contact_until_ms DESC, p.id
WITH customer, r, collect({channel: p.channel, until_ms: p.contact_until_ms})[0] AS before
WITH r.intent AS intent, before.channel AS from_channel, r.channel AS to_channel, customer,
     (r.started_ms - before.until_ms) / 1000.0 AS between
ORDER BY between
WITH intent, from_channel, to_channel, count(*) AS repeats, count(DISTINCT customer) AS customers, collect(between) AS times
RETURN intent, from_channel, to_channel, repeats, customers, times[(50 * size(times) + 99) / 100 - 1] AS between_s_median
ORDER BY repeats DESC, intent, from_channel, to_channel
LIMIT $limit
