-- table: cost_rollups
-- definition: The components of the Fragmentation Cost summed along each dimension, in integers that add up exactly
--   (Fragmentation Cost: roll-ups).
-- reads: priced_components, cost_groups, rollup_dimensions, assumptions, journey_paths
-- grain: dimension, from_name, name
-- saved: yes
-- order: place, cost_us DESC NULLS LAST, from_name NULLS FIRST, name NULLS FIRST
-- columns:
--   by string = dimension: `path` (owners in order), `team` (pair), `silo` (pair), `channel`, `intent`, `customer_type`
--     (human, machine or unknown), `region` (where the attribute is kept), `week` (its Monday, in UTC)
--   from_name string: for a pair, the handing one; null before the first handoff and if there is no pair
--   name string: for a pair, the receiving one; otherwise the path, channel, intent, customer type, region or week;
--     null if unknown
--   transitions int64: number of rows of `transitions`
--   journeys int64: number of journeys
--   delay_cost_us seconds: seconds, as in `transitions`; null where not computed
--   handoff_cost_us seconds: seconds
--   rework_cost_us seconds: seconds
--   information_gap_cost_us seconds: seconds
--   system_boundary_cost_us seconds: seconds
--   context_shift_cost_us seconds: seconds
--   repeat_contact_cost_us seconds: seconds
--   cost_us seconds: sum of the computed ones, seconds
--   delay_um money: money, as in `transitions`
--   handoff_um money: money
--   rework_um money: money
--   information_gap_um money: money
--   system_boundary_um money: money
--   context_shift_um money: money
--   repeat_contact_um money: money
--   consequence_um money: value lost, with rates only
--   money double = cost_um / 1e6: sum of the known ones; null if none of the hours has a price
--   unpriced_us seconds: seconds of `cost_s` not included in `money` because they have no rate
-- unsaved:
--   place int64: place of the dimension among those asked for
--   dimension string: what it is summed by
--   cost_um money: sum of the known ones
--
-- A null component is not computed; cost is the sum of what is, unpriced the part of its time that its money leaves out.
-- Money of which only unpriced hours are known is null. A repeat contact with a price costs that, whether its handling
-- time is known or not. A path is its number until it is shown: as a text it can be as long as its journey, in every row.
WITH keyed AS (
  SELECT
    d.place, d.dimension,
    CASE d.dimension WHEN 'team' THEN g.from_team WHEN 'silo' THEN g.from_silo END AS from_name,
    CASE d.dimension WHEN 'journey' THEN g.journey WHEN 'team' THEN g.to_team WHEN 'silo' THEN g.to_silo
                     WHEN 'channel' THEN g.channel WHEN 'intent' THEN g.intent
                     WHEN 'customer_type' THEN g.customer_type WHEN 'region' THEN g.region END AS name,
    CASE d.dimension WHEN 'path' THEN g.path_no WHEN 'week' THEN g.week_us END AS name_no,
    p.*
  FROM priced_components p
  JOIN cost_groups g ON g.journey_id = p.journey_id AND g.seq = p.seq
  CROSS JOIN rollup_dimensions d
),
summed AS (
  SELECT
    place, dimension, from_name, name, name_no, count(*) AS transitions, count(DISTINCT journey_id) AS journeys,
    count(handled_us) > 0 AS has_handling,
    CAST(sum(delay_us) AS BIGINT) AS delay_us, CAST(sum(delay_um) AS BIGINT) AS delay_um,
    CAST(coalesce(sum(CASE WHEN delay_um IS NULL THEN delay_us END), 0) AS BIGINT) AS delay_unpriced_us,
    CAST(sum(handoff_us) AS BIGINT) AS handoff_us, CAST(sum(handoff_um) AS BIGINT) AS handoff_um,
    CAST(coalesce(sum(CASE WHEN handoff_um IS NULL THEN handoff_us END), 0) AS BIGINT) AS handoff_unpriced_us,
    CAST(sum(rework_us) AS BIGINT) AS rework_us, CAST(sum(rework_um) AS BIGINT) AS rework_um,
    CAST(coalesce(sum(CASE WHEN rework_um IS NULL THEN rework_us END), 0) AS BIGINT) AS rework_unpriced_us,
    CAST(sum(information_gap_us) AS BIGINT) AS information_gap_us, CAST(sum(information_gap_um) AS BIGINT) AS information_gap_um,
    CAST(coalesce(sum(CASE WHEN information_gap_um IS NULL THEN information_gap_us END), 0) AS BIGINT) AS information_gap_unpriced_us,
    CAST(sum(system_boundary_us) AS BIGINT) AS system_boundary_us, CAST(sum(system_boundary_um) AS BIGINT) AS system_boundary_um,
    CAST(coalesce(sum(CASE WHEN system_boundary_um IS NULL THEN system_boundary_us END), 0) AS BIGINT) AS system_boundary_unpriced_us,
    CAST(sum(context_shift_us) AS BIGINT) AS context_shift_us, CAST(sum(context_shift_um) AS BIGINT) AS context_shift_um,
    CAST(coalesce(sum(CASE WHEN context_shift_um IS NULL THEN context_shift_us END), 0) AS BIGINT) AS context_shift_unpriced_us,
    CAST(sum(repeat_contact_us) AS BIGINT) AS repeat_contact_us, CAST(sum(repeat_contact_um) AS BIGINT) AS repeat_contact_um,
    CAST(coalesce(sum(CASE WHEN repeat_contact_um IS NULL THEN repeat_contact_us END), 0) AS BIGINT) AS repeat_contact_unpriced_us,
    CAST(sum(consequence_um) AS BIGINT) AS consequence_um
  FROM keyed
  GROUP BY place, dimension, from_name, name, name_no
),
-- a component of handling time is unknown in a group in which nothing has any
handled AS (
  SELECT
    s.place, s.dimension, s.from_name, s.name, s.name_no, s.transitions, s.journeys,
    s.delay_us, s.system_boundary_us, s.context_shift_us, s.delay_um, s.system_boundary_um, s.context_shift_um,
    s.consequence_um,
    CASE WHEN s.has_handling THEN s.handoff_us END AS handoff_us, CASE WHEN s.has_handling THEN s.rework_us END AS rework_us,
    CASE WHEN s.has_handling THEN s.information_gap_us END AS information_gap_us, CASE WHEN s.has_handling THEN s.repeat_contact_us END AS repeat_contact_us,
    CASE WHEN s.has_handling THEN s.handoff_um END AS handoff_um, CASE WHEN s.has_handling THEN s.rework_um END AS rework_um,
    CASE WHEN s.has_handling THEN s.information_gap_um END AS information_gap_um,
    CASE WHEN s.has_handling OR a.by_contact THEN s.repeat_contact_um END AS repeat_contact_um,
    s.delay_unpriced_us, s.handoff_unpriced_us, s.rework_unpriced_us,
    s.information_gap_unpriced_us, s.system_boundary_unpriced_us, s.context_shift_unpriced_us,
    s.repeat_contact_unpriced_us,
    s.delay_unpriced_us + s.handoff_unpriced_us + s.rework_unpriced_us + s.information_gap_unpriced_us
      + s.system_boundary_unpriced_us + s.context_shift_unpriced_us + s.repeat_contact_unpriced_us AS unpriced_us
  FROM summed s
  CROSS JOIN assumptions a
),
totals AS (
  SELECT
    *,
    CASE WHEN coalesce(
        delay_us, handoff_us, rework_us, information_gap_us, system_boundary_us, context_shift_us,
        repeat_contact_us) IS NOT NULL
      THEN coalesce(delay_us, 0) + coalesce(handoff_us, 0) + coalesce(rework_us, 0) +
        coalesce(information_gap_us, 0) + coalesce(system_boundary_us, 0) + coalesce(context_shift_us, 0) +
        coalesce(repeat_contact_us, 0) END AS cost_us,
    CASE WHEN coalesce(
        delay_um, handoff_um, rework_um, information_gap_um, system_boundary_um, context_shift_um,
        repeat_contact_um, consequence_um) IS NOT NULL
      THEN coalesce(delay_um, 0) + coalesce(handoff_um, 0) + coalesce(rework_um, 0) +
        coalesce(information_gap_um, 0) + coalesce(system_boundary_um, 0) + coalesce(context_shift_um, 0) +
        coalesce(repeat_contact_um, 0) + coalesce(consequence_um, 0) END AS paid_um
  FROM handled
),
named_paths AS (
  SELECT path_no, any_value(path) AS path FROM journey_paths GROUP BY path_no
)
SELECT
  t.place, t.dimension, t.from_name,
  CASE t.dimension WHEN 'path' THEN n.path WHEN 'week' THEN {{date t.name_no}}
                   ELSE t.name END AS name,
  t.transitions, t.journeys,
  t.delay_us AS delay_cost_us, t.handoff_us AS handoff_cost_us,
  t.rework_us AS rework_cost_us, t.information_gap_us AS information_gap_cost_us,
  t.system_boundary_us AS system_boundary_cost_us, t.context_shift_us AS context_shift_cost_us,
  t.repeat_contact_us AS repeat_contact_cost_us, t.cost_us,
  CASE WHEN t.delay_um <> 0 OR t.delay_unpriced_us = 0 THEN t.delay_um END AS delay_um,
  CASE WHEN t.handoff_um <> 0 OR t.handoff_unpriced_us = 0 THEN t.handoff_um END AS handoff_um,
  CASE WHEN t.rework_um <> 0 OR t.rework_unpriced_us = 0 THEN t.rework_um END AS rework_um,
  CASE WHEN t.information_gap_um <> 0 OR t.information_gap_unpriced_us = 0 THEN t.information_gap_um END AS information_gap_um,
  CASE WHEN t.system_boundary_um <> 0 OR t.system_boundary_unpriced_us = 0 THEN t.system_boundary_um END AS system_boundary_um,
  CASE WHEN t.context_shift_um <> 0 OR t.context_shift_unpriced_us = 0 THEN t.context_shift_um END AS context_shift_um,
  CASE WHEN t.repeat_contact_um <> 0 OR t.repeat_contact_unpriced_us = 0 THEN t.repeat_contact_um END AS repeat_contact_um,
  t.consequence_um, CASE WHEN t.paid_um <> 0 OR t.unpriced_us = 0 THEN t.paid_um END AS cost_um, t.unpriced_us
FROM totals t
LEFT JOIN named_paths n ON t.dimension = 'path' AND n.path_no = t.name_no
