-- table: outcomes_shown
-- definition: One row a source system: which ends its export shows, and so whether a rate can be made of them (Chance:
--   the population of a share; Contact-centre measures: resolution).
-- reads: events, interactions, good_outcomes, declared_outcomes
-- grain: source_system
-- saved: yes
-- order: source_system
-- columns:
--   source_system string: the system; empty if none is known
--   conversations int64: its conversations, including records
--   finished int64: of these, those resolved, closed, ended or abandoned, or with an outcome
--   known int64: of them, those with an outcome
--   good int64: of these, those with a good one
--   shows string: both, failures or successes (one of them only), nothing (no outcome), too few (more than one in ten
--     of the finished ones have no outcome)
--
-- A failure shows where one was seen or the reader declares that the system can name one; a success where one was seen,
-- as what a good outcome is called is for the user to say (--good). Where more than one in ten of the finished
-- conversations have no outcome, having one may depend on it.
WITH ends AS (
  SELECT
    i.conversation_id, coalesce(min_by(i.source_system, (i.started_us, i.interaction_id)), '') AS source_system,
    lower(max_by(e.outcome, (e.started_us, e.journey_id, e.seq)) FILTER (WHERE e.outcome IS NOT NULL)) AS outcome,
    coalesce(bool_or(e.event_type IN ('resolved', 'closed', 'ended', 'abandoned')), false) AS is_over
  FROM events e
  JOIN interactions i ON i.interaction_id = e.interaction_id
  GROUP BY i.conversation_id
),
declaring AS (
  SELECT DISTINCT coalesce(i.source_system, '') AS source_system
  FROM (SELECT DISTINCT interaction_id, source FROM events) e
  JOIN interactions i ON i.interaction_id = e.interaction_id
  JOIN declared_outcomes d ON d.source = e.source
  LEFT JOIN good_outcomes g ON g.outcome = d.outcome
  WHERE g.outcome IS NULL
),
counted AS (
  SELECT
    e.source_system, count(*) AS conversations, count(*) FILTER (WHERE e.is_over OR e.outcome IS NOT NULL) AS finished,
    count(e.outcome) AS known, count(g.outcome) AS good
  FROM ends e
  LEFT JOIN good_outcomes g ON g.outcome = e.outcome
  GROUP BY e.source_system
)
SELECT
  c.source_system, c.conversations, c.finished, c.known, c.good,
  CASE WHEN c.known = 0 THEN 'nothing' WHEN c.good = 0 THEN 'failures'
       WHEN c.good = c.known AND d.source_system IS NULL THEN 'successes'
       WHEN 10 * c.known < 9 * c.finished THEN 'too few' ELSE 'both' END AS shows
FROM counted c
LEFT JOIN declaring d ON d.source_system = c.source_system
