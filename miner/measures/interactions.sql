-- table: interactions
-- definition: One contact or ticket in one system; in a plain event log the case. is_repeat: it starts after, and at most
--   the FCR window after, the latest end of an earlier interaction of the same customer and intent (Fragmentation Cost).
-- reads: events, raw_interactions, conversations, settings
WITH summed AS (
  SELECT
    interaction_id, max(journey_id) AS journey_id,
    min_by(source_system, seq) FILTER (WHERE source_system IS NOT NULL) AS source_system,
    min_by(channel, seq) FILTER (WHERE channel IS NOT NULL) AS channel,
    min_by(customer, seq) FILTER (WHERE customer IS NOT NULL) AS customer,
    min_by(intent, seq) FILTER (WHERE intent IS NOT NULL) AS intent,
    min(started_us) AS started_us, max(ended_us) AS ended_us,
    max_by(outcome, seq) FILTER (WHERE outcome IS NOT NULL) AS outcome,
    max_by(value, seq) FILTER (WHERE value IS NOT NULL) AS value
  FROM events
  GROUP BY interaction_id
),
said AS (
  SELECT interaction_id, max(nullif(customer_type, 'unknown')) AS customer_type, max(customer_type_sure) AS customer_type_sure,
    max(declared) AS declared
  FROM raw_interactions GROUP BY interaction_id
),
-- starts and ends of one customer's interactions of one intent on one line of time; a start sees the latest end before it
moments AS (
  SELECT customer, intent, ended_us AS at_us, 1 AS is_end, interaction_id FROM summed
  UNION ALL
  SELECT customer, intent, started_us AS at_us, 0 AS is_end, interaction_id FROM summed
),
seen AS (
  SELECT interaction_id, is_end, at_us, max(CASE WHEN is_end = 1 THEN at_us END) OVER (
    PARTITION BY customer, intent ORDER BY at_us, is_end, interaction_id ROWS UNBOUNDED PRECEDING) AS last_end_us
  FROM moments
  WHERE customer IS NOT NULL AND intent IS NOT NULL
),
repeated AS (
  SELECT interaction_id FROM seen CROSS JOIN settings
  WHERE is_end = 0 AND at_us - last_end_us <= settings.fcr_window_us
)
SELECT
  s.interaction_id, s.journey_id, c.kind, c.conversation_id, s.source_system, s.channel, s.customer,
  coalesce(d.customer_type, 'unknown') AS customer_type, d.customer_type_sure,
  s.intent, CASE WHEN s.customer IS NOT NULL AND s.intent IS NOT NULL THEN r.interaction_id IS NOT NULL END AS is_repeat,
  s.started_us, s.ended_us, s.outcome, s.value, d.declared
FROM summed s
LEFT JOIN conversations c ON c.interaction_id = s.interaction_id
LEFT JOIN said d ON d.interaction_id = s.interaction_id
LEFT JOIN repeated r ON r.interaction_id = s.interaction_id
