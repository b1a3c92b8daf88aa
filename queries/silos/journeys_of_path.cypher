// title: Journeys of a path across silos
// question: Show me the journeys that took this path across departments.
// params: path (list, 2 to 4 silos in order), limit = 10 (int, largest number of rows)
// returns: journey, intent (null where unknown), silo_path (all its silos in order), handoffs (count),
//   elapsed_s (seconds), outcome (null where unknown)
// reading: A row is a journey, the longest first. Look at one with paths/journey.
MATCH (p:SiloPath)<-[:TOOK]-(j:Journey)
WHERE p.path = $path
RETURN j.id AS journey, j.intent AS intent, j.silo_path AS silo_path, j.handoffs AS handoffs,
       j.elapsed_s AS elapsed_s, j.outcome AS outcome
ORDER BY elapsed_s DESC, journey
LIMIT $limit
