// title: The most expensive journeys
// question: Which journeys are most expensive, and how were they passed around?
// params: intent = null (str, only this intent; any if null), limit = 25 (int, largest number of rows)
// returns: journey, intent (null where unknown), cost_s (Fragmentation Cost, seconds), money (null without rates),
//   unpriced_s (seconds of cost_s that have no rate, so that money leaves them out), handoffs (count), returns (count),
//   elapsed_s (seconds), silo_path (its silos in order), outcome (null where unknown)
// reading: A row is a journey. The first ones make good examples; paths/journey shows each step.
MATCH (j:Journey)
WHERE j.cost_s > 0 AND ($intent IS NULL OR j.intent = $intent)
RETURN j.id AS journey, j.intent AS intent, j.cost_s AS cost_s, j.money AS money,
       j.unpriced_s AS unpriced_s, j.handoffs AS handoffs, j.returns AS returns, j.elapsed_s AS elapsed_s, j.silo_path AS silo_path, j.outcome AS outcome
ORDER BY cost_s DESC, journey
LIMIT $limit
