-- table: pooled
-- definition: The components summed by actor type and team, which is all that rates tell apart; contacts that are
--   repeats stay by themselves, because each may have its own price.
-- reads: components, cost_interactions
WITH marked AS (
  SELECT c.*, CASE WHEN i.is_repeat THEN c.interaction_id END AS contact, CASE WHEN i.is_repeat THEN c.journey_id END AS its
  FROM components c
  LEFT JOIN cost_interactions i ON i.interaction_id = c.interaction_id
)
SELECT
  coalesce(its, 0) AS journey_id, min(CASE WHEN its IS NULL THEN -1 ELSE seq END) AS seq,
  CAST(sum(handled_us) AS BIGINT) AS handled_us, max(goes_to) AS goes_to, contact AS interaction_id, actor_type, team,
  CAST(sum(delay_us) AS BIGINT) AS delay_us, CAST(sum(handoff_us) AS BIGINT) AS handoff_us,
  CAST(sum(rework_us) AS BIGINT) AS rework_us, CAST(sum(information_gap_us) AS BIGINT) AS information_gap_us,
  CAST(sum(repeat_contact_us) AS BIGINT) AS repeat_contact_us,
  CAST(sum(system_changes) AS BIGINT) AS system_changes, CAST(sum(context_shifts) AS BIGINT) AS context_shifts
FROM marked
GROUP BY its, contact, actor_type, team
