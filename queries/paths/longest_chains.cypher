// title: Longest chains
// question: Which journeys were handed over most often, and through which teams?
// params: min_handoffs = 2 (int, smallest number of handoffs to report), limit = 10 (int, largest number of rows)
// returns: journey, handoffs (count), returns (count), elapsed_s (seconds), intent (null where unknown),
//   outcome (null where unknown), teams (in order)
// reading: A row is a journey. The list of teams is what the customer went through.
MATCH (j:Journey)
WHERE j.handoffs >= $min_handoffs
WITH j
ORDER BY j.handoffs DESC, j.elapsed_s DESC, j.id
LIMIT $limit
MATCH (j)<-[:IN_JOURNEY]-(v:Visit)
WITH j, v.position AS position, v.team AS team
ORDER BY position
WITH j, collect(team) AS teams
RETURN j.id AS journey, j.handoffs AS handoffs, j.returns AS returns, j.elapsed_s AS elapsed_s, j.intent AS intent,
       j.outcome AS outcome, teams
ORDER BY handoffs DESC, elapsed_s DESC, journey
