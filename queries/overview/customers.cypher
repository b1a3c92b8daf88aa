// title: Customers who come most often
// question: Which customers had to come, and were passed on, most often?
// params: min_interactions = 2 (int, smallest number of interactions to report), limit = 25 (int, largest number of rows)
// returns: customer, interactions (count), journeys (count), handoffs (count), returns (count), elapsed_s_total (seconds
//   from first start to latest end of each journey, summed), latest_ms (latest event, ms since 1970 in UTC)
// reading: A row is a customer. Many interactions in few journeys is one matter that does not end: call them. Thousands are
//   no customer but a shared key, or a machine.
MATCH (c:Customer)-[:HAS]->(j:Journey)
WITH c.id AS customer, sum(j.interactions) AS interactions, count(*) AS journeys, sum(j.handoffs) AS handoffs,
     sum(j.returns) AS returns, sum(j.elapsed_s) AS elapsed_s_total, max(j.ended_ms) AS latest_ms
WHERE interactions >= $min_interactions
RETURN customer, interactions, journeys, handoffs, returns, elapsed_s_total, latest_ms
ORDER BY interactions DESC, handoffs DESC, customer
LIMIT $limit
