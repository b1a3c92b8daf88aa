-- table: resolved
-- definition: One row a conversation of which it is known whether it ended well: by its own outcome where its system shows both
--   ends, else by the last outcome that such a system gives for its journey (Contact-centre measures: resolution).
-- reads: keyed_events, keyed_contacts, journey_outcomes, outcomes_shown, good
WITH both_shown AS (
  SELECT source_system FROM outcomes_shown WHERE shows = 'both'
),
own AS (
  SELECT contact_id, lower(max_by(outcome, seq)) AS outcome FROM keyed_events WHERE outcome IS NOT NULL GROUP BY contact_id
),
known AS (
  SELECT k.contact_id, CASE WHEN b.source_system IS NULL THEN j.outcome ELSE o.outcome END AS outcome
  FROM keyed_contacts k
  LEFT JOIN both_shown b ON b.source_system = coalesce(k.source_system, '')
  LEFT JOIN own o ON o.contact_id = k.contact_id
  LEFT JOIN journey_outcomes j ON j.journey_id = k.journey_id
)
SELECT k.contact_id, g.outcome IS NOT NULL AS resolved
FROM known k
LEFT JOIN good g ON g.outcome = k.outcome
WHERE k.outcome IS NOT NULL
