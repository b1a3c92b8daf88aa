-- table: handoffs
-- definition: Two consecutive visits of a journey (Handoff); wait = max(0, arrival - previous end), the overlap apart.
-- reads: visits, events, named_gaps, covered_time, own_waits, off_hours
-- grain: journey_id, position
-- saved: yes
-- order: journey_id, position
-- columns:
--   journey_id string: the journey
--   position int64: position of the receiving visit
--   from_owner string: the handing owner
--   to_owner string: the receiving owner
--   from_silo string: silo of the first
--   to_silo string: silo of the second
--   wait_us seconds: seconds from the end of one to the start of the other, at least 0
--   own_wait_us seconds: of these, waiting for us, seconds: queue wait and handoff wait
--   customer_wait_us seconds: of these, the customer's time, seconds
--   between_us seconds: of these, time between contacts, seconds
--   overlap_us seconds: seconds from the start of the next to the end of the previous one, at least 0
--   happened_us timestamp: when the receiver arrived
--   crosses_silo bool: the silos differ; null where one is unknown
--   crosses_system bool: the source systems differ; null where one is unknown
--   changes_channel bool: the channels differ; null where one is unknown
--   kind string: blind, consult, external, group_reassign, agent_reassign, bot_to_human, human_to_bot, channel_switch,
--     escalation, …
--
-- own_wait: what the time split calls queue_wait or handoff_wait in it; customer_wait and between are other parts of it.
-- kind: what the source says of the handoff, inside one system; else bot to human and back, a change of channel, or a reassignment.
WITH pairs AS (
  SELECT
    journey_id, position, owner AS to_owner, silo AS to_silo, arrived_us, channel, source_system, actor_type, team,
    lag(owner) OVER w AS from_owner, lag(silo) OVER w AS from_silo, lag(left_us) OVER w AS left_us,
    lag(channel_last) OVER w AS from_channel, lag(source_system_last) OVER w AS from_system,
    lag(actor_type) OVER w AS from_actor_type
  FROM visits
  WINDOW w AS (PARTITION BY journey_id ORDER BY position)
),
kinds AS (
  SELECT journey_id, to_position, max_by(handoff_kind, seq) AS kind
  FROM (
    SELECT journey_id, seq, handoff_kind,
           CASE WHEN event_type IN ('handoff', 'assigned', 'unassigned', 'escalated') THEN position + 1 ELSE position END AS to_position
    FROM events
    WHERE handoff_kind IS NOT NULL AND handoff_kind NOT IN ('consult_only', 'requeue_no_answer')
  ) said
  GROUP BY journey_id, to_position
),
named_time AS (
  SELECT journey_id, reached_us AS from_us, started_us AS to_us, CASE WHEN gap_name = 'customer_wait' THEN 'customer' ELSE 'between' END AS kind
  FROM named_gaps WHERE gap_name IN ('customer_wait', 'between') AND gap_us > 0
  UNION ALL
  SELECT journey_id, from_us, to_us, 'customer' AS kind FROM covered_time WHERE part = 'customer_wait'
  UNION ALL
  SELECT w.journey_id, w.from_us, w.to_us - coalesce(o.off_us, 0) AS to_us, 'own' AS kind
  FROM own_waits w
  LEFT JOIN off_hours o ON o.journey_id = w.journey_id AND o.from_us = w.from_us
),
shares AS (
  SELECT
    h.journey_id, h.position,
    sum(CASE WHEN t.kind = 'own' THEN t.to_us - t.from_us ELSE 0 END) AS own_wait_us,
    sum(CASE WHEN t.kind = 'between' THEN t.to_us - t.from_us ELSE 0 END) AS between_us,
    sum(CASE WHEN t.kind = 'customer' THEN least(t.to_us, h.arrived_us) - greatest(t.from_us, h.left_us) ELSE 0 END)
      AS customer_wait_us
  FROM pairs h
  JOIN named_time t ON t.journey_id = h.journey_id AND t.from_us < h.arrived_us AND t.to_us > h.left_us
    AND (t.from_us >= h.left_us OR t.kind = 'customer')
  WHERE h.left_us < h.arrived_us
  GROUP BY h.journey_id, h.position
)
SELECT
  h.journey_id, h.position, h.from_owner, h.to_owner, h.from_silo, h.to_silo,
  CASE WHEN h.arrived_us > h.left_us THEN h.arrived_us - h.left_us ELSE 0 END AS wait_us,
  CAST(coalesce(s.own_wait_us, 0) AS BIGINT) AS own_wait_us,
  CAST(coalesce(s.customer_wait_us, 0) AS BIGINT) AS customer_wait_us,
  CAST(coalesce(s.between_us, 0) AS BIGINT) AS between_us,
  CASE WHEN h.left_us > h.arrived_us THEN h.left_us - h.arrived_us ELSE 0 END AS overlap_us,
  h.arrived_us AS happened_us,
  h.from_silo <> h.to_silo AS crosses_silo,
  h.from_system <> h.source_system AS crosses_system,
  h.from_channel <> h.channel AS changes_channel,
  CASE WHEN k.kind IS NOT NULL AND coalesce(h.from_system = h.source_system, true) THEN k.kind
       WHEN h.from_actor_type = 'bot' AND h.actor_type <> 'bot' THEN 'bot_to_human'
       WHEN h.from_actor_type <> 'bot' AND h.actor_type = 'bot' THEN 'human_to_bot'
       WHEN h.from_channel <> h.channel THEN 'channel_switch'
       WHEN h.team IS NOT NULL THEN 'group_reassign'
       ELSE 'agent_reassign' END AS kind
FROM pairs h
LEFT JOIN kinds k ON k.journey_id = h.journey_id AND k.to_position = h.position
LEFT JOIN shares s ON s.journey_id = h.journey_id AND s.position = h.position
WHERE h.from_owner IS NOT NULL
