// title: What costs most at each team
// question: Which cost arises where: waiting, handoff, rework, asking again?
// params: limit = 50 (int, largest number of rows)
// returns: team (that took over), handoffs (to it, count), cost_s (up to the next handoff, seconds; null where not
//   computed), delay_s, handoff_s, rework_s, information_gap_s, system_boundary_s, context_shift_s, repeat_contact_s
//   (its components, seconds; null where not computed)
// reading: A row is a team. Delay asks for capacity or fewer handoffs, handoff and information gap for better notes,
//   rework for resolving it the first time.
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)
WITH b.team AS team, count(*) AS handoffs, sum(h.cost_s) AS cost, count(h.cost_s) AS costed,
     sum(h.delay_cost_s) AS delay, count(h.delay_cost_s) AS delays,
     sum(h.handoff_cost_s) AS handoff, count(h.handoff_cost_s) AS taken,
     sum(h.rework_cost_s) AS rework, count(h.rework_cost_s) AS reworks,
     sum(h.information_gap_cost_s) AS gap, count(h.information_gap_cost_s) AS gaps,
     sum(h.system_boundary_cost_s) AS boundary, count(h.system_boundary_cost_s) AS boundaries,
     sum(h.context_shift_cost_s) AS shift, count(h.context_shift_cost_s) AS shifts,
     sum(h.repeat_contact_cost_s) AS again, count(h.repeat_contact_cost_s) AS agains
RETURN team, handoffs, CASE WHEN costed = 0 THEN null ELSE cost END AS cost_s,
       CASE WHEN delays = 0 THEN null ELSE delay END AS delay_s,
       CASE WHEN taken = 0 THEN null ELSE handoff END AS handoff_s,
       CASE WHEN reworks = 0 THEN null ELSE rework END AS rework_s,
       CASE WHEN gaps = 0 THEN null ELSE gap END AS information_gap_s,
       CASE WHEN boundaries = 0 THEN null ELSE boundary END AS system_boundary_s,
       CASE WHEN shifts = 0 THEN null ELSE shift END AS context_shift_s,
       CASE WHEN agains = 0 THEN null ELSE again END AS repeat_contact_s
ORDER BY cost_s DESC, handoffs DESC, team
LIMIT $limit
