// title: Why interactions belong together
// question: Why were interactions joined to journeys, and how certain is that?
// params: limit = 50 (int, largest number of rows)
// returns: basis (reference, customer key, …), from_system, to_system (null where unknown), links (count),
//   probability_least, probability_mean (0 to 1), between_s_median (seconds from the end of the one to the start of the
//   other, 0 when they overlap)
// reading: A row is a reason and the systems it joins. All figures about handoffs between these systems are as good as
//   these links: below 0.9 compare them with and without. No rows mean that every journey is one interaction.
MATCH (a:Interaction)-[l:LINKED]->(b:Interaction)
WITH l.basis AS basis, a.system AS from_system, b.system AS to_system, l.probability AS probability,
     CASE WHEN b.started_ms > a.ended_ms THEN (b.started_ms - a.ended_ms) / 1000.0
          WHEN a.started_ms > b.ended_ms THEN (a.started_ms - b.ended_ms) / 1000.0 ELSE 0.0 END AS between
ORDER BY between
WITH basis, from_system, to_system, count(*) AS links, min(probability) AS probability_least,
     sum(probability) AS probabilities, collect(between) AS times
RETURN basis, from_system, to_system, links, probability_least, 1.0 * probabilities / links AS probability_mean,
       times[(50 * size(times) + 99) / 100 - 1] AS between_s_median
ORDER BY links DESC, basis, from_system, to_system
LIMIT $limit
