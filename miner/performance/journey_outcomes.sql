-- table: journey_outcomes
-- definition: One row a journey whose outcome counts in shares: the last one that a system gives for it whose export shows good
--   and other ends (Chance: the population of a share).
-- reads: events, interactions, outcomes_shown
SELECT e.journey_id, lower(max_by(e.outcome, e.seq)) AS outcome
FROM events e
JOIN interactions i ON i.interaction_id = e.interaction_id
JOIN outcomes_shown s ON s.source_system = coalesce(i.source_system, '') AND s.shows = 'both'
WHERE e.outcome IS NOT NULL
GROUP BY e.journey_id
