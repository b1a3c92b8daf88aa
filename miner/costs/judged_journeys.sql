-- table: judged_journeys
-- definition: Journeys whose outcome counts, and whether it is a good one (Value lost on cross-silo paths; Chance: the
--   population of a share).
-- reads: journeys, journey_outcomes
-- grain: journey_id
-- saved: no
-- columns:
--   journey_id string: the journey
--   intent string: its intent; empty if unknown
--   value double: its value
--   good bool: it ended well
SELECT
  j.journey_id, coalesce(j.intent, '') AS intent, j.value, o.is_good AS good
FROM journeys j
JOIN journey_outcomes o ON o.journey_id = j.journey_id
