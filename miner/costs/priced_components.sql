-- table: priced_components
-- definition: The components with the assumptions applied: hours of system boundaries and context shifts, and the money
--   of every component in millionths (Fragmentation Cost).
-- reads: cost_components, cost_losses, computable, assumptions, actor_rates, team_rates, contact_costs,
--   cost_interactions
-- grain: journey_id, seq
-- saved: no
-- columns:
--   journey_id int64: number of the journey
--   seq int64: the event
--   handled_us seconds: its handling time
--   system_changes int32: 1 if the source system changes
--   context_shifts int32: changes of channel, of intent, and of agent within a team
--   delay_us seconds: delay
--   handoff_us seconds: handling time of a handoff
--   rework_us seconds: handling time of rework
--   information_gap_us seconds: handling time of asking again
--   system_boundary_us seconds: time of system changes
--   context_shift_us seconds: time of context shifts
--   repeat_contact_us seconds: handling time of repeat contacts
--   delay_um money: cost of the delay
--   handoff_um money: cost of the handoff
--   rework_um money: cost of rework
--   information_gap_um money: cost of asking again
--   system_boundary_um money: cost of system changes
--   context_shift_um money: cost of context shifts
--   repeat_contact_um money: cost of repeat contacts
--   consequence_um money: value lost
--
-- Money is null where the rate that it needs is unset; no seconds cost nothing, where there are rates of anybody's work. A repeat contact costs its handling time or its price, never both:
-- by price it stands at the contact's first event, less what its seconds already cost as information gap or rework.
WITH rated AS (
  SELECT
    c.*, coalesce(t.rate, a.rate) AS rate,
    CASE WHEN k.system_boundary THEN c.system_changes * x.system_boundary_us END AS system_boundary_us,
    CASE WHEN k.context_shift THEN c.context_shifts * x.context_shift_us END AS context_shift_us,
    x.delay_rate, x.by_contact, EXISTS (SELECT 1 FROM actor_rates) OR EXISTS (SELECT 1 FROM team_rates) AS has_rates
  FROM cost_components c
  CROSS JOIN computable k
  CROSS JOIN assumptions x
  LEFT JOIN team_rates t ON t.team = c.team
  LEFT JOIN actor_rates a ON a.actor_type = coalesce(c.actor_type, 'unknown')
),
timed AS (
  SELECT
    *,
    CAST(round(delay_us * delay_rate / 3600) AS BIGINT) AS delay_um,
    CAST(CASE WHEN handoff_us = 0 AND has_rates THEN 0 ELSE round(handoff_us * rate / 3600) END AS BIGINT) AS handoff_um,
    CAST(CASE WHEN rework_us = 0 AND has_rates THEN 0 ELSE round(rework_us * rate / 3600) END AS BIGINT) AS rework_um,
    CAST(CASE WHEN information_gap_us = 0 AND has_rates THEN 0 ELSE round(information_gap_us * rate / 3600) END AS BIGINT)
      AS information_gap_um,
    CAST(CASE WHEN system_boundary_us = 0 AND has_rates THEN 0 ELSE round(system_boundary_us * rate / 3600) END AS BIGINT)
      AS system_boundary_um,
    CAST(CASE WHEN context_shift_us = 0 AND has_rates THEN 0 ELSE round(context_shift_us * rate / 3600) END AS BIGINT)
      AS context_shift_um,
    CAST(CASE WHEN repeat_contact_us = 0 AND has_rates THEN 0 ELSE round(repeat_contact_us * rate / 3600) END AS BIGINT)
      AS repeat_time_um
  FROM rated
),
priced_contacts AS (
  SELECT
    t.journey_id, min(t.seq) AS seq,
    max(p.cost_um) - coalesce(sum(t.information_gap_um), 0) - coalesce(sum(t.rework_um), 0) AS left_um
  FROM timed t
  JOIN cost_interactions i ON i.interaction_id = t.interaction_id
  LEFT JOIN contact_costs p ON p.channel = i.channel
  WHERE t.by_contact AND i.is_repeat
  GROUP BY t.journey_id, t.interaction_id
)
SELECT
  t.journey_id, t.seq, t.handled_us, t.system_changes, t.context_shifts, t.delay_us, t.handoff_us, t.rework_us,
  t.information_gap_us, t.system_boundary_us, t.context_shift_us, t.repeat_contact_us, t.delay_um, t.handoff_um,
  t.rework_um, t.information_gap_um, t.system_boundary_um, t.context_shift_um,
  CAST(CASE WHEN NOT t.by_contact THEN t.repeat_time_um
            WHEN NOT k.repeats THEN NULL
            WHEN p.seq IS NULL THEN 0
            WHEN p.left_um < 0 THEN 0
            ELSE p.left_um END AS BIGINT) AS repeat_contact_um,
  CASE WHEN k.consequence THEN coalesce(l.lost_um, 0) END AS consequence_um
FROM timed t
CROSS JOIN computable k
LEFT JOIN priced_contacts p ON p.journey_id = t.journey_id AND p.seq = t.seq
LEFT JOIN cost_losses l ON l.journey_id = t.journey_id AND l.seq = t.seq
