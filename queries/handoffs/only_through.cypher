// title: What hangs on one team
// question: If a team were gone, which other teams would work no longer reach?
// params: min_handoffs = 1 (int, smallest number of handoffs of a route), min_share = 0.05 (float, smallest share of a route
//   in what its team passes on; of first contacts in a team's visits to count it as a front door, 0 to 1),
//   hops = 8 (int, longest way from a front door, in handoffs), limit = 25 (int, largest number of rows)
// returns: team (that would be gone), cut_off (number of teams that work reaches only through it),
//   cut_off_teams (in the order of the alphabet), cut_off_visits (all visits of these teams)
// reading: A row is a team that others hang on: every habitual way to them leads through it. When it is ill, they stand
//   still; and it may be a gate that need not be there. No rows say that there is always another way.
MATCH (t:Team)
OPTIONAL MATCH (f:Team)-[h:HANDS_OFF_TO]->(t)
WHERE h.handoffs >= $min_handoffs AND h.handoffs >= $min_share * f.handoffs_out
WITH t.id AS team, t.visits AS visits, t.visits - t.handoffs_in AS begun, collect(f.id) AS sources
ORDER BY team
WITH collect({team: team, visits: visits, sources: sources,
              door: begun >= $min_handoffs AND begun >= $min_share * visits}) AS known
// Hop by hop: a team is reached when work reaches one that passes on to it.
WITH known, reduce(seen = [n IN known WHERE n.door | n.team], hop IN range(1, $hops) |
       seen + [n IN known WHERE NOT n.team IN seen AND any(s IN n.sources WHERE s IN seen) | n.team]) AS reached
UNWIND known AS gone
WITH known, reached, gone.team AS team
WITH known, reached, team, reduce(seen = [n IN known WHERE n.door AND n.team <> team | n.team], hop IN range(1, $hops) |
       seen + [n IN known WHERE n.team <> team AND NOT n.team IN seen AND any(s IN n.sources WHERE s IN seen) | n.team]) AS left
WITH team, [n IN known WHERE n.team <> team AND n.team IN reached AND NOT n.team IN left] AS lost
WHERE size(lost) > 0
RETURN team, size(lost) AS cut_off, [n IN lost | n.team] AS cut_off_teams,
       reduce(total = 0, n IN lost | total + n.visits) AS cut_off_visits
ORDER BY cut_off DESC, cut_off_visits DESC, team
LIMIT $limit
