-- table: cost_components
-- definition: The components of the Fragmentation Cost of each transition, in microseconds; what has no input is null.
-- reads: cost_journeys, cost_events, cost_transitions, cost_interactions, cost_waits, handling_split, cost_medians,
--   computable
-- grain: journey_id, seq
-- saved: no
-- columns:
--   journey_id int64: number of the journey
--   seq int64: the event
--   handled_us seconds: its handling time
--   goes_to string: the component that its handling time goes to
--   interaction_id string: first interaction of its conversation
--   actor_type string: who acts
--   team string: the team acted for
--   delay_us seconds: delay
--   handoff_us seconds: handling time of a handoff
--   rework_us seconds: handling time of rework
--   information_gap_us seconds: handling time of asking again
--   repeat_contact_us seconds: handling time of repeat contacts
--   system_changes int32: 1 if the source system changes
--   context_shifts int32: changes of channel, of intent, and of agent within a team
--
-- Delay: the handoff's own wait over the median, with the event that opens the receiver's visit. Handoff: the receiver's handling time that is left, over the median: the
-- seconds of a visit are counted in order, and those after the median are the cost. System boundaries and context shifts
-- are counted here and turned into seconds with the assumptions. interaction_id is the first of the conversation: legs of one
-- call are one contact and have one price.
WITH medians AS (
  SELECT
    j.journey_id,
    max(coalesce(d.median_us, k.delay_median_us)) AS delay_median_us,
    max(coalesce(h.median_us, k.handoff_median_us)) AS handoff_median_us
  FROM cost_journeys j
  CROSS JOIN computable k
  LEFT JOIN cost_medians d ON d.component = 'delay' AND d.intent = j.intent
  LEFT JOIN cost_medians h ON h.component = 'handoff' AND h.intent = j.intent
  GROUP BY j.journey_id
),
received AS (
  SELECT
    s.journey_id, s.seq, s.handled_us, m.handoff_median_us,
    sum(s.handled_us) OVER (PARTITION BY s.journey_id, e.position ORDER BY s.seq ROWS UNBOUNDED PRECEDING) AS so_far_us
  FROM handling_split s
  JOIN cost_events e ON e.journey_id = s.journey_id AND e.seq = s.seq
  JOIN medians m ON m.journey_id = s.journey_id
  WHERE s.goes_to = 'handoff' AND e.owned AND e.position > 0
),
excess AS (
  SELECT
    journey_id, seq,
    CAST(CASE WHEN so_far_us - handled_us >= handoff_median_us THEN handled_us
              WHEN so_far_us > handoff_median_us THEN so_far_us - handoff_median_us
              ELSE 0 END AS BIGINT) AS excess_us
  FROM received
),
owned AS (
  SELECT
    journey_id, seq, source_system, channel, intent, agent, owner,
    lag(source_system) OVER w AS last_system, lag(channel) OVER w AS last_channel, lag(intent) OVER w AS last_intent,
    lag(agent) OVER w AS last_agent, lag(owner) OVER w AS last_owner
  FROM cost_events
  WHERE owned
  WINDOW w AS (PARTITION BY journey_id ORDER BY seq)
),
changes AS (
  SELECT
    journey_id, seq,
    CASE WHEN source_system <> last_system THEN 1 ELSE 0 END AS system_changes,
    CASE WHEN channel <> last_channel THEN 1 ELSE 0 END + CASE WHEN intent <> last_intent THEN 1 ELSE 0 END
      + CASE WHEN owner = last_owner AND agent <> last_agent THEN 1 ELSE 0 END AS context_shifts
  FROM owned
)
SELECT
  t.journey_id, t.seq, s.handled_us, s.goes_to, i.conversation_id AS interaction_id, e.actor_type, e.team,
  CASE WHEN k.delay THEN
    CASE WHEN w.own_wait_us > m.delay_median_us THEN w.own_wait_us - m.delay_median_us ELSE 0 END END AS delay_us,
  CASE WHEN k.handoff THEN coalesce(x.excess_us, 0) END AS handoff_us,
  CASE WHEN k.rework THEN CASE WHEN s.goes_to = 'rework' THEN s.handled_us ELSE 0 END END AS rework_us,
  CASE WHEN k.information_gap THEN CASE WHEN s.goes_to = 'information_gap' THEN s.handled_us ELSE 0 END END AS information_gap_us,
  CASE WHEN k.repeat_contact THEN CASE WHEN s.goes_to = 'repeat_contact' THEN s.handled_us ELSE 0 END END AS repeat_contact_us,
  coalesce(c.system_changes, 0) AS system_changes, coalesce(c.context_shifts, 0) AS context_shifts
FROM cost_transitions t
CROSS JOIN computable k
JOIN cost_events e ON e.journey_id = t.journey_id AND e.seq = t.seq
JOIN medians m ON m.journey_id = t.journey_id
LEFT JOIN cost_interactions i ON i.interaction_id = e.interaction_id
LEFT JOIN handling_split s ON s.journey_id = t.journey_id AND s.seq = t.seq
LEFT JOIN cost_waits w ON w.journey_id = t.journey_id AND w.seq = t.seq
LEFT JOIN excess x ON x.journey_id = t.journey_id AND x.seq = t.seq
LEFT JOIN changes c ON c.journey_id = t.journey_id AND c.seq = t.seq
