-- table: resolved_conversations
-- definition: One row a conversation of which it is known whether it ended well: by its own outcome where its system
--   shows both ends, else by the last outcome that such a system gives for its journey (Contact-centre measures:
--   resolution).
-- reads: contact_steps, contact_profiles, journey_outcomes, outcomes_shown, good_outcomes
-- grain: contact_id
-- saved: no
-- columns:
--   contact_id string: the conversation
--   resolved bool: it ended with a good outcome
WITH both_shown AS (
  SELECT source_system FROM outcomes_shown WHERE shows = 'both'
),
own AS (
  SELECT contact_id, max_by(outcome, place) AS outcome
  FROM contact_steps
  WHERE outcome IS NOT NULL AND NOT is_leg
  GROUP BY contact_id
),
known AS (
  SELECT k.contact_id, lower(CASE WHEN b.source_system IS NULL THEN j.outcome ELSE o.outcome END) AS outcome
  FROM contact_profiles k
  LEFT JOIN both_shown b ON b.source_system = coalesce(k.source_system, '')
  LEFT JOIN own o ON o.contact_id = k.contact_id
  LEFT JOIN journey_outcomes j ON j.journey_id = k.journey_id
  WHERE NOT k.is_leg
)
SELECT k.contact_id, g.outcome IS NOT NULL AS resolved
FROM known k
LEFT JOIN good_outcomes g ON g.outcome = k.outcome
WHERE k.outcome IS NOT NULL
