-- table: pooled_components
-- definition: The components summed by actor type and team, which is all that rates tell apart; contacts that are
--   repeats stay by themselves, because each may have its own price.
-- reads: cost_components, cost_interactions
-- grain: journey_id, seq, interaction_id, actor_type, team
-- saved: no
-- columns:
--   journey_id int64: number of the journey, 0 for all that are no repeat contact
--   seq int64: the first event, -1 for those
--   handled_us seconds: handling time
--   goes_to string: the component that handling time goes to
--   interaction_id string: the repeat contact; null for all others
--   actor_type string: who acts
--   team string: the team acted for
--   delay_us seconds: delay
--   handoff_us seconds: handling time of handoffs
--   rework_us seconds: handling time of rework
--   information_gap_us seconds: handling time of asking again
--   repeat_contact_us seconds: handling time of repeat contacts
--   system_changes int64: number of system changes
--   context_shifts int64: number of context shifts
WITH marked AS (
  SELECT c.*, CASE WHEN i.is_repeat THEN c.interaction_id END AS contact, CASE WHEN i.is_repeat THEN c.journey_id END AS its
  FROM cost_components c
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
