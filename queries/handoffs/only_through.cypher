// title: Single points of failure
// question: Without a team, which other teams would work no longer reach?
// params: team = null (str, only for this team; all if null), min_handoffs = 1 (int, smallest number of handoffs of a
//   route), min_share = 0.05 (float, smallest share of a route in what its team passes on; of first contacts in a
//   team's visits to count it as a front door, 0 to 1), hops = 8 (int, longest route from a front door, in handoffs),
//   limit = 25 (int, largest number of rows)
// returns: team (that is removed), cut_off (number of teams that work reaches only through it),
//   cut_off_teams (alphabetical), cut_off_visits (all visits of these teams)
// reading: A row is a team that others depend on: every usual route to them leads through it. If it fails, they stand
//   still; and it may be an unnecessary gate. No rows mean that there is always another route.
//   handoffs/go_between lists who would have to hand over to whom.
MATCH (t:Team)
OPTIONAL MATCH (f:Team)-[h:HANDS_OFF_TO]->(t)
WHERE h.handoffs >= $min_handoffs AND h.handoffs >= $min_share * f.handoffs_out
WITH t.id AS id, t.visits AS visits, t.visits - t.handoffs_in AS begun, collect(f.id) AS sources
ORDER BY id
WITH collect({id: id, visits: visits, sources: sources,
              door: begun >= $min_handoffs AND begun >= $min_share * visits}) AS known
// Front doors are reached by themselves; the others from doors, then hop by hop from one another.
WITH known, [n IN known WHERE n.door | n.id] AS doors
WITH [n IN known WHERE NOT n.door | {id: n.id, visits: n.visits, from_doors: [s IN n.sources WHERE s IN doors],
                                     from_others: [s IN n.sources WHERE NOT s IN doors]}] AS inner
WITH inner, reduce(seen = [n IN inner WHERE size(n.from_doors) > 0 | n.id], hop IN range(2, $hops) |
       seen + [n IN inner WHERE NOT n.id IN seen AND any(s IN n.from_others WHERE s IN seen) | n.id]) AS reached
WITH [n IN inner WHERE n.id IN reached] AS later
// The same without the team.
MATCH (gone:Team)
WHERE ($team IS NULL OR gone.id = $team) AND any(n IN later WHERE gone.id IN n.from_doors OR gone.id IN n.from_others)
WITH gone.id AS team, [n IN later WHERE n.id <> gone.id] AS later
WITH team, later, reduce(seen = [n IN later WHERE any(s IN n.from_doors WHERE s <> team) | n.id], hop IN range(2, $hops) |
       seen + [n IN later WHERE NOT n.id IN seen AND any(s IN n.from_others WHERE s IN seen) | n.id]) AS still
WITH team, [n IN later WHERE NOT n.id IN still] AS lost
WHERE size(lost) > 0
RETURN team, size(lost) AS cut_off, [n IN lost | n.id] AS cut_off_teams,
       reduce(total = 0, n IN lost | total + n.visits) AS cut_off_visits
ORDER BY cut_off DESC, cut_off_visits DESC, team
LIMIT $limit
