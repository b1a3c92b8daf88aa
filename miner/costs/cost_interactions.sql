-- table: cost_interactions
-- definition: What the costs need of interactions, with the first region of their events.
-- reads: interactions, events
-- grain: interaction_id
-- saved: no
-- columns:
--   interaction_id string: the interaction
--   conversation_id string: the first interaction of its call or thread
--   channel string: its channel
--   is_repeat bool: it repeats an earlier contact
--   customer_type string: human, machine or unknown
--   region string: its region
WITH regions AS (
  SELECT interaction_id, min_by(json_extract_string(attributes, '$.region'), seq) AS region
  FROM events
  WHERE contains(attributes, '"region"') AND json_extract_string(attributes, '$.region') IS NOT NULL
  GROUP BY interaction_id
)
SELECT i.interaction_id, i.conversation_id, i.channel, i.is_repeat, i.customer_type, r.region
FROM interactions i
LEFT JOIN regions r ON r.interaction_id = i.interaction_id
