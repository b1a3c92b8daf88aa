// title: Cycles between teams
// question: Around which cycles of teams does work habitually flow?
// params: min_handoffs = 5 (int, smallest number of handoffs of every step),
//   min_share = 0.1 (float, smallest share of every step in its team's handoffs, 0 to 1),
//   max_order = 5 (int, largest number of teams in a cycle, 2 to 5), limit = 25 (int, largest number of rows)
// returns: cycle (different teams in order; the last hands over to the first), loop_order (number of teams),
//   least (handoffs of the rarest step), handoffs (of all steps, summed), wait_s_total (own waits in them, seconds),
//   round_s (seconds, the median own waits of the steps added up)
// reading: A row is a cycle, listed once and starting with the alphabetically first team. No journey need
//   have completed it: loops/longer_loops has those that did. round_s is the waiting cost of one round.
CALL () {
  MATCH (a:Team)-[x:HANDS_OFF_TO]->(b:Team)
  WHERE $max_order >= 2 AND a.id < b.id AND x.handoffs >= $min_handoffs AND x.handoffs >= $min_share * a.handoffs_out
  MATCH (b)-[y:HANDS_OFF_TO]->(a)
  WHERE y.handoffs >= $min_handoffs AND y.handoffs >= $min_share * b.handoffs_out
  RETURN [a.id, b.id] AS cycle, [x.handoffs, y.handoffs] AS counts, [x.wait_s_total, y.wait_s_total] AS waits,
         [x.wait_s_median, y.wait_s_median] AS medians
  UNION ALL
  MATCH (a:Team)-[x:HANDS_OFF_TO]->(b:Team)
  WHERE $max_order >= 3 AND a.id < b.id AND x.handoffs >= $min_handoffs AND x.handoffs >= $min_share * a.handoffs_out
  MATCH (b)-[y:HANDS_OFF_TO]->(c:Team)
  WHERE a.id < c.id AND y.handoffs >= $min_handoffs AND y.handoffs >= $min_share * b.handoffs_out
  MATCH (c)-[z:HANDS_OFF_TO]->(a)
  WHERE z.handoffs >= $min_handoffs AND z.handoffs >= $min_share * c.handoffs_out
  RETURN [a.id, b.id, c.id] AS cycle, [x.handoffs, y.handoffs, z.handoffs] AS counts,
         [x.wait_s_total, y.wait_s_total, z.wait_s_total] AS waits,
         [x.wait_s_median, y.wait_s_median, z.wait_s_median] AS medians
  UNION ALL
  MATCH (a:Team)-[x:HANDS_OFF_TO]->(b:Team)
  WHERE $max_order >= 4 AND a.id < b.id AND x.handoffs >= $min_handoffs AND x.handoffs >= $min_share * a.handoffs_out
  MATCH (b)-[y:HANDS_OFF_TO]->(c:Team)
  WHERE a.id < c.id AND y.handoffs >= $min_handoffs AND y.handoffs >= $min_share * b.handoffs_out
  MATCH (c)-[z:HANDS_OFF_TO]->(d:Team)
  WHERE a.id < d.id AND d.id <> b.id AND z.handoffs >= $min_handoffs AND z.handoffs >= $min_share * c.handoffs_out
  MATCH (d)-[u:HANDS_OFF_TO]->(a)
  WHERE u.handoffs >= $min_handoffs AND u.handoffs >= $min_share * d.handoffs_out
  RETURN [a.id, b.id, c.id, d.id] AS cycle, [x.handoffs, y.handoffs, z.handoffs, u.handoffs] AS counts,
         [x.wait_s_total, y.wait_s_total, z.wait_s_total, u.wait_s_total] AS waits,
         [x.wait_s_median, y.wait_s_median, z.wait_s_median, u.wait_s_median] AS medians
  UNION ALL
  MATCH (a:Team)-[x:HANDS_OFF_TO]->(b:Team)
  WHERE $max_order >= 5 AND a.id < b.id AND x.handoffs >= $min_handoffs AND x.handoffs >= $min_share * a.handoffs_out
  MATCH (b)-[y:HANDS_OFF_TO]->(c:Team)
  WHERE a.id < c.id AND y.handoffs >= $min_handoffs AND y.handoffs >= $min_share * b.handoffs_out
  MATCH (c)-[z:HANDS_OFF_TO]->(d:Team)
  WHERE a.id < d.id AND d.id <> b.id AND z.handoffs >= $min_handoffs AND z.handoffs >= $min_share * c.handoffs_out
  MATCH (d)-[u:HANDS_OFF_TO]->(e:Team)
  WHERE a.id < e.id AND e.id <> b.id AND e.id <> c.id
    AND u.handoffs >= $min_handoffs AND u.handoffs >= $min_share * d.handoffs_out
  MATCH (e)-[w:HANDS_OFF_TO]->(a)
  WHERE w.handoffs >= $min_handoffs AND w.handoffs >= $min_share * e.handoffs_out
  RETURN [a.id, b.id, c.id, d.id, e.id] AS cycle, [x.handoffs, y.handoffs, z.handoffs, u.handoffs, w.handoffs] AS counts,
         [x.wait_s_total, y.wait_s_total, z.wait_s_total, u.wait_s_total, w.wait_s_total] AS waits,
         [x.wait_s_median, y.wait_s_median, z.wait_s_median, u.wait_s_median, w.wait_s_median] AS medians
}
RETURN cycle, size(cycle) AS loop_order, reduce(least = counts[0], n IN counts | CASE WHEN n < least THEN n ELSE least END) AS least,
       reduce(total = 0, n IN counts | total + n) AS handoffs, reduce(total = 0.0, s IN waits | total + s) AS wait_s_total,
       reduce(total = 0.0, s IN medians | total + s) AS round_s
ORDER BY least DESC, wait_s_total DESC, cycle
LIMIT $limit
