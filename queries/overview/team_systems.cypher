// title: Systems of each team
// question: Which teams work in several systems?
// params: team = null (str, only this team; all if null), limit = 100 (int, largest number of rows)
// returns: team, system (of the first event of a visit; null where unknown), visits (count), share (of the team's
//   visits, 0 to 1), changing (visits that end in another system, count)
// reading: A row is a team and a system. Many changing visits mean double data entry; a team with several systems
//   of about equal share needs to know them all.
MATCH (v:Visit)
WHERE $team IS NULL OR v.team = $team
WITH v.team AS team, v.system AS system, count(*) AS visits,
     sum(CASE WHEN v.last_system <> v.system THEN 1 ELSE 0 END) AS changing
MATCH (t:Team)
WHERE t.id = team
RETURN team, system, visits, 1.0 * visits / t.visits AS share, changing
ORDER BY changing DESC, visits DESC, team, system
LIMIT $limit
