-- table: journeys
-- definition: One row per journey; outcome and value are the last known of its events, never a sum (Event, interaction,
--   journey). customer_type: human or machine where all of its interactions that tell agree, else unknown.
-- reads: events, visits, interactions, membership
-- grain: journey_id
-- saved: yes
-- order: journey_id
-- columns:
--   journey_id string: as in events
--   customer string: first known
--   intent string: first known
--   started_us timestamp: first start
--   ended_us timestamp: latest end
--   events int64: number of events
--   interactions int64: number of interactions
--   handoffs int64: number of handoffs
--   outcome string: last known
--   value double: last known
--   probability double: probability of its least certain link, 0 to 1
--   customer_type string: human or machine if all of its interactions with a known type agree, otherwise unknown
WITH summed AS (
  SELECT
    journey_id,
    min_by(customer, seq) FILTER (WHERE customer IS NOT NULL) AS customer,
    min_by(intent, seq) FILTER (WHERE intent IS NOT NULL) AS intent,
    min(started_us) AS started_us, max(ended_us) AS ended_us, count(*) AS events,
    count(DISTINCT interaction_id) AS interactions,
    max_by(outcome, seq) FILTER (WHERE outcome IS NOT NULL) AS outcome,
    max_by(value, seq) FILTER (WHERE value IS NOT NULL) AS value
  FROM events
  GROUP BY journey_id
),
handed AS (
  SELECT journey_id, max(position) AS handoffs FROM visits GROUP BY journey_id
),
told AS (
  SELECT journey_id, CASE WHEN min(customer_type) = max(customer_type) THEN min(customer_type) END AS customer_type
  FROM interactions WHERE customer_type <> 'unknown' GROUP BY journey_id
),
joined AS (
  SELECT journey_id, min(probability) AS probability FROM membership GROUP BY journey_id
)
SELECT
  s.journey_id, s.customer, s.intent, s.started_us, s.ended_us, s.events, s.interactions,
  coalesce(h.handoffs, 0) AS handoffs, s.outcome, s.value, coalesce(j.probability, 1e0) AS probability,
  coalesce(t.customer_type, 'unknown') AS customer_type
FROM summed s
LEFT JOIN handed h ON h.journey_id = s.journey_id
LEFT JOIN told t ON t.journey_id = s.journey_id
LEFT JOIN joined j ON j.journey_id = s.journey_id
