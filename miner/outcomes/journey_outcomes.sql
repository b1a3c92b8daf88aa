-- table: journey_outcomes
-- definition: One row a journey whose outcome counts in shares: the last one that a system gives for it whose export
--   shows good and other ends (Chance: the population of a share).
-- reads: events, interactions, outcomes_shown, good_outcomes
-- grain: journey_id
-- saved: yes
-- order: journey_id
-- columns:
--   journey_id string: the journey
--   outcome string: its outcome, as the system has it
--   is_good bool: the outcome counts as good
WITH counted AS (
  SELECT e.journey_id, max_by(e.outcome, e.seq) AS outcome
  FROM events e
  JOIN interactions i ON i.interaction_id = e.interaction_id
  JOIN outcomes_shown s ON s.source_system = coalesce(i.source_system, '') AND s.shows = 'both'
  WHERE e.outcome IS NOT NULL
  GROUP BY e.journey_id
)
SELECT c.journey_id, c.outcome, g.outcome IS NOT NULL AS is_good
FROM counted c
LEFT JOIN good_outcomes g ON g.outcome = lower(c.outcome)
