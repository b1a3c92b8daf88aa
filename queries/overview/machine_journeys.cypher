// title: Journeys of software agents
// question: What does software ask for, and how much of it reaches people?
// params: limit = 50 (int, largest number of rows)
// returns: intent (null where unknown), journeys (with a contact of a machine customer, count), handed_over (of them,
//   count), handoffs (count), elapsed_s_total (seconds, summed), cost_s (Fragmentation Cost, seconds; null where not
//   computed)
// reading: A row is an intent. An interface would save the handoffs in journeys of software.
MATCH (j:Journey)
WHERE EXISTS { MATCH (j)<-[:PART_OF]-(i:Interaction) WHERE i.customer_type = 'machine' AND i.kind = 'contact' }
WITH j.intent AS intent, count(*) AS journeys, sum(CASE WHEN j.handoffs > 0 THEN 1 ELSE 0 END) AS handed_over,
     sum(j.handoffs) AS handoffs, sum(j.elapsed_s) AS elapsed_s_total, sum(j.cost_s) AS cost, count(j.cost_s) AS costed
RETURN intent, journeys, handed_over, handoffs, elapsed_s_total, CASE WHEN costed = 0 THEN null ELSE cost END AS cost_s
ORDER BY journeys DESC, intent
LIMIT $limit
