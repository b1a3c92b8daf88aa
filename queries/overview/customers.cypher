// title: Customers who come most often
// question: Which customers had the most contacts and handoffs?
// params: min_contacts = 2 (int, smallest number of contacts to report), limit = 25 (int, largest number of rows)
// returns: customer, contacts (conversations, count), journeys (with a contact, count), handoffs (count), returns
//   (count), elapsed_s_total (seconds from first start to latest end of each journey, summed), latest_ms (latest event,
//   ms since 1970 in UTC)
// reading: A row is a customer. Many contacts in few journeys mean an unresolved issue: call them. Thousands mean
//   a shared key or a machine, not a customer.
MATCH (c:Customer)-[:HAS]->(j:Journey)<-[:PART_OF]-(i:Interaction)
WHERE i.kind = 'contact' AND i.conversation = i.id
WITH c, j, count(*) AS own
WITH c.id AS customer, sum(own) AS contacts, count(*) AS journeys, sum(j.handoffs) AS handoffs,
     sum(j.returns) AS returns, sum(j.elapsed_s) AS elapsed_s_total, max(j.ended_ms) AS latest_ms
WHERE contacts >= $min_contacts
RETURN customer, contacts, journeys, handoffs, returns, elapsed_s_total, latest_ms
ORDER BY contacts DESC, handoffs DESC, customer
LIMIT $limit
