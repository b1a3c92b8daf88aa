// title: What the log covers
// question: Which period does the log cover, with how many journeys, customers and handoffs?
// params: limit = 1 (int, largest number of rows; there is one)
// returns: first_ms (first start, ms since 1970 in UTC), last_ms (latest end, ms since 1970 in UTC), journeys (count),
//   customers (known ones), handed_over (journeys with a handoff), handoffs (count)
// reading: One row. Compare it with the source system before you trust anything else.
MATCH (j:Journey)
OPTIONAL MATCH (c:Customer)-[:HAS]->(j)
RETURN min(j.started_ms) AS first_ms, max(j.ended_ms) AS last_ms, count(j) AS journeys,
       count(DISTINCT c.id) AS customers, sum(CASE WHEN j.handoffs > 0 THEN 1 ELSE 0 END) AS handed_over,
       sum(j.handoffs) AS handoffs
ORDER BY journeys
LIMIT $limit
