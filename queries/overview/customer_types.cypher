// title: People and machines
// question: How many contacts come from software instead of people, and are they resolved?
// params: limit = 50 (int, largest number of rows)
// returns: customer_type (human, machine or unknown), channel (null where unknown), contacts (conversations, count),
//   share (of all, 0 to 1), repeats (that follow an earlier one of the same customer and intent, count), handed_over
//   (contacts of journeys with a handoff, count)
// reading: A row is a customer type on a channel. Machines that repeat themselves get wrong answers; if all are
//   unknown, the sources do not record it.
MATCH (i:Interaction)-[:PART_OF]->(j:Journey)
WHERE i.kind = 'contact' AND i.conversation = i.id
WITH i.customer_type AS customer_type, i.channel AS channel, count(*) AS n,
     sum(CASE WHEN i.is_repeat THEN 1 ELSE 0 END) AS repeats, sum(CASE WHEN j.handoffs > 0 THEN 1 ELSE 0 END) AS handed_over
WITH collect({customer_type: customer_type, channel: channel, n: n, repeats: repeats, handed_over: handed_over}) AS kinds,
     sum(n) AS whole
UNWIND kinds AS x
RETURN x.customer_type AS customer_type, x.channel AS channel, x.n AS contacts, 1.0 * x.n / whole AS share,
       x.repeats AS repeats, x.handed_over AS handed_over
ORDER BY contacts DESC, customer_type, channel
LIMIT $limit
