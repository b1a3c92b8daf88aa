// title: Teams
// question: Which teams exist, and how much work passes through each?
// params: team = null (str, only this team; all if null), limit = 100 (int, largest number of rows)
// returns: team, visits (count), journeys (with at least one visit), handoffs_in (handoffs to the team),
//   handoffs_out (handoffs from the team), returns_in (handoffs that bring a journey back to it),
//   passed_on_share (handoffs out per visit), wait_s_total (own waits of the handoffs to it, seconds)
// reading: A row is a team. A passed_on_share near 1 is a team that resolves little itself; many returns_in for few
//   handoffs_out means that others send its work back.
MATCH (t:Team)
WHERE $team IS NULL OR t.id = $team
RETURN t.id AS team, t.visits AS visits, t.journeys AS journeys, t.handoffs_in AS handoffs_in,
       t.handoffs_out AS handoffs_out, t.returns_in AS returns_in,
       1.0 * t.handoffs_out / t.visits AS passed_on_share, t.wait_s_total AS wait_s_total
ORDER BY visits DESC, team
LIMIT $limit
