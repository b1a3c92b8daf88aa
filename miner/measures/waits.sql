-- table: waits
-- definition: One row a visit, and one a contact that was given up: what it waited before, for whom, since when
--   (Bottleneck).
-- reads: events, visits, ended_waits
-- grain: journey_id, seq
-- saved: yes
-- order: journey_id, seq
-- columns:
--   journey_id string: the journey
--   position int64: the visit that ends it; null if the customer gave up
--   seq int64: the event that ends it
--   interaction_id string: the interaction of that event
--   ending string: `visit` or `gave_up`
--   team string: the team or queue waited for: the owner that ends it; the queue if the customer gave up, or if owners
--     are people and a queue is known
--   kind string: `team`, `queue` or `person`
--   channel string: channel of the event that ends it
--   queued bool: it went through a queue
--   handed_over bool: another owner had the journey before
--   joined_us timestamp: when the waiting began; when the visit began if there was no wait
--   ended_us timestamp: when the visit began or the customer gave up
--   wait_us seconds: duration, seconds: the sum of the next three
--   handed_us seconds: gaps after a handoff, seconds
--   routing_us seconds: gaps before the first owner, and before the customer gave up, seconds
--   queue_us seconds: spans in a queue, seconds
--
-- A wait belongs to the owner that ends it; to the queue where the customer gave up, and where owners are people and
-- a queue is known. A visit that nothing waited for joins its queue when it begins. handed, routing, queue: what of it
-- came after a handoff, what before the first owner, and what a queue's span covers. queued: it went through a queue.
-- Who asked to be called back did not give up.
WITH ends AS (
  SELECT
    v.journey_id, v.opened_seq AS seq, v.position, e.interaction_id, 'visit' AS ending, CAST(v.owner AS VARCHAR(1000)) AS owner,
    coalesce(v.actor_type = 'bot', false) AS is_bot, v.arrived_us
  FROM visits v
  JOIN events e ON e.journey_id = v.journey_id AND e.seq = v.opened_seq
  UNION ALL
  SELECT
    a.journey_id, a.seq, CAST(NULL AS BIGINT) AS position, a.interaction_id, 'gave_up' AS ending,
    CAST(NULL AS VARCHAR(1000)) AS owner, false AS is_bot, e.started_us AS arrived_us
  FROM (
    SELECT
      journey_id, interaction_id, min(CASE WHEN event_type = 'abandoned' THEN seq END) AS seq,
      min(CASE WHEN owned THEN seq END) AS owned_seq, min(CASE WHEN event_type = 'queue_enter' THEN seq END) AS queued_seq
    FROM events
    GROUP BY journey_id, interaction_id
    HAVING max(CASE WHEN event_type = 'callback_requested' THEN 1 ELSE 0 END) = 0
  ) a
  JOIN events e ON e.journey_id = a.journey_id AND e.seq = a.seq
  WHERE a.queued_seq < a.seq OR a.owned_seq IS NULL
),
-- on one line: where a contact enters a queue, and where a wait of it ends
line AS (
  SELECT interaction_id, seq, 1 AS enters FROM events
  WHERE event_type = 'queue_enter' OR (
    actor_type IN ('system', 'rule') AND started_us < ended_us
    AND coalesce(event_type, '') NOT IN ('agent_offered', 'agent_no_answer'))
  UNION ALL
  SELECT interaction_id, seq, 0 AS enters FROM ends
),
passed AS (
  SELECT
    interaction_id, seq, enters, max(CASE WHEN enters = 1 THEN seq END) OVER w AS queue_seq,
    max(CASE WHEN enters = 0 THEN seq END) OVER w AS last_seq
  FROM line
  WINDOW w AS (PARTITION BY interaction_id ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
summed AS (
  SELECT
    journey_id, seq, min(from_us) AS joined_us,
    sum(CASE WHEN part = 'handoff_wait' THEN to_us - from_us ELSE 0 END) AS handed_us,
    sum(CASE WHEN part = 'routing' THEN to_us - from_us ELSE 0 END) AS routing_us,
    sum(CASE WHEN part = 'queue' THEN to_us - from_us ELSE 0 END) AS queue_us
  FROM ended_waits
  GROUP BY journey_id, seq
),
known AS (
  SELECT count(team) > 0 AS by_team FROM events
),
named AS (
  SELECT
    e.*, p.queue_seq IS NOT NULL AND p.queue_seq > coalesce(p.last_seq, -1) AS queued,
    coalesce(CAST(q.team AS VARCHAR(1000)), CAST(q.actor AS VARCHAR(1000)), CAST(q.activity AS VARCHAR(1000))) AS queue,
    coalesce(CAST(g.team AS VARCHAR(1000)), CAST(g.channel AS VARCHAR(1000)), 'unknown') AS otherwise,
    CAST(g.channel AS VARCHAR(1000)) AS channel, k.by_team
  FROM ends e
  JOIN passed p ON p.interaction_id = e.interaction_id AND p.seq = e.seq AND p.enters = 0
  JOIN events g ON g.journey_id = e.journey_id AND g.seq = e.seq
  CROSS JOIN known k
  LEFT JOIN events q ON q.journey_id = e.journey_id AND q.seq = p.queue_seq
)
SELECT
  n.journey_id, n.position, n.seq, n.interaction_id, n.ending,
  CASE WHEN n.ending = 'gave_up' THEN coalesce(n.queue, n.otherwise)
       WHEN n.queued AND NOT n.by_team AND NOT n.is_bot THEN n.queue ELSE n.owner END AS team,
  CASE WHEN n.by_team OR n.is_bot THEN 'team' WHEN n.ending = 'gave_up' OR n.queued THEN 'queue' ELSE 'person' END AS kind,
  n.channel, n.queued, coalesce(n.position > 0, false) AS handed_over, n.arrived_us AS ended_us,
  coalesce(s.joined_us, n.arrived_us) AS joined_us,
  CAST(coalesce(s.handed_us + s.routing_us + s.queue_us, 0) AS BIGINT) AS wait_us,
  CAST(coalesce(s.handed_us, 0) AS BIGINT) AS handed_us, CAST(coalesce(s.routing_us, 0) AS BIGINT) AS routing_us,
  CAST(coalesce(s.queue_us, 0) AS BIGINT) AS queue_us
FROM named n
LEFT JOIN summed s ON s.journey_id = n.journey_id AND s.seq = n.seq
