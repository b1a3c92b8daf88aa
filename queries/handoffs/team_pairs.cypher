// title: Who hands over to whom
// question: To which teams does each team hand over, and how much comes back?
// params: min_handoffs = 1 (int, smallest number of handoffs to report), limit = 50 (int, largest number of rows)
// returns: from_team, to_team, handoffs (count), journeys (count),
//   share_of_from (of all handoffs from that team, 0 to 1),
//   returns (those that bring a journey back to a team that had it before)
// reading: A row is a pair. A high share_of_from is a fixed route: ask whether the work could start there.
MATCH (a:Team)-[h:HANDS_OFF_TO]->(b:Team)
WHERE h.handoffs >= $min_handoffs
RETURN a.id AS from_team, b.id AS to_team, h.handoffs AS handoffs, h.journeys AS journeys,
       1.0 * h.handoffs / a.handoffs_out AS share_of_from, h.returns AS returns
ORDER BY handoffs DESC, from_team, to_team
LIMIT $limit
