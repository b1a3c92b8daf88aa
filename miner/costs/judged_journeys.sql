-- table: judged_journeys
-- definition: Journeys of known outcome, and whether it is a good one.
-- reads: journeys, good_outcomes
-- grain: journey_id
-- saved: no
-- columns:
--   journey_id string: the journey
--   intent string: its intent; empty if unknown
--   value double: its value
--   good bool: it ended well
SELECT
  j.journey_id, coalesce(j.intent, '') AS intent, j.value, g.outcome IS NOT NULL AS good
FROM journeys j
LEFT JOIN good_outcomes g ON g.outcome = lower(j.outcome)
WHERE j.outcome IS NOT NULL
