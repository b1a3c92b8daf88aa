// title: Chains of repeat contacts
// question: Which customers had to contact us repeatedly with the same intent?
// params: min_repeats = 1 (int, smallest number of repeats to report), intent = null (str, only this intent; any if
//   null), limit = 25 (int, largest number of rows)
// returns: customer (pseudonym), intent, contacts (conversations whose repeat is known, count), repeats (of them,
//   count), channels (alphabetical), first_ms (first start, ms since 1970 in UTC), last_ms (latest end, the same),
//   resolved (contacts with a good outcome, count; null where none is known)
// reading: A row is a customer and an intent. Ask what the first contact left unresolved: every repeat is charged to
//   it.
MATCH (c:Customer)-[:HAS]->(:Journey)<-[:PART_OF]-(i:Interaction)
WHERE i.kind = 'contact' AND i.conversation = i.id AND i.is_repeat IS NOT NULL
  AND ($intent IS NULL OR i.intent = $intent)
WITH c.id AS customer, i
ORDER BY i.channel
WITH customer, i.intent AS intent, count(*) AS contacts, sum(CASE WHEN i.is_repeat THEN 1 ELSE 0 END) AS repeats,
     collect(DISTINCT i.channel) AS channels, min(i.started_ms) AS first_ms, max(i.ended_ms) AS last_ms,
     count(i.resolved) AS known, sum(CASE WHEN i.resolved THEN 1 ELSE 0 END) AS solved
WHERE repeats >= $min_repeats
RETURN customer, intent, contacts, repeats, channels, first_ms, last_ms,
       CASE WHEN known = 0 THEN null ELSE solved END AS resolved
ORDER BY repeats DESC, contacts DESC, customer, intent
LIMIT $limit
