-- table: recontacts
-- definition: One row a conversation: whether it repeats one, and whether the customer was back about the same within
--   1, 7, 14 and 30 days after its contact time (Contact-centre measures; Contact time).
-- reads: contact_profiles, events
-- grain: contact_id
-- saved: no
-- columns:
--   contact_id string: the conversation
--   is_repeat bool: begins within 7 days after an earlier contact of the same customer with the same intent
--   repeats_caused int64: later contacts with the same intent, each within 7 days, charged to this one as the last to
--     end before them
--   recontact_1d bool: the customer came back with the same intent within a day after the contact; null if customer
--     or intent is unknown, or the log ends before
--   recontact_7d bool: the same, 7 days
--   recontact_14d bool: the same, 14 days
--   recontact_30d bool: the same, 30 days
--
-- Null is unknown: customer or intent are, or the log ends before the days are over, whoever is back until then. A repeat
-- within 7 days is charged to the latest conversation that was over before it.
WITH own AS (
  SELECT contact_id, customer, intent, started_us, contact_until_us AS until_us
  FROM contact_profiles WHERE NOT is_leg AND customer IS NOT NULL AND intent IS NOT NULL
),
moments AS (
  SELECT contact_id, customer, intent, started_us AS at_us, 0 AS is_end FROM own
  UNION ALL
  SELECT contact_id, customer, intent, until_us AS at_us, 1 AS is_end FROM own
),
seen AS (
  SELECT
    contact_id, customer, intent, is_end, at_us,
    min(CASE WHEN is_end = 0 THEN at_us END) OVER (
      PARTITION BY customer, intent ORDER BY at_us, is_end, contact_id
      ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS next_us,
    count(CASE WHEN is_end = 1 THEN 1 END) OVER (
      PARTITION BY customer, intent ORDER BY at_us, is_end, contact_id ROWS UNBOUNDED PRECEDING) AS ends
  FROM moments
),
-- after each end the starts before the next one: what ended last before them is the one end of their run
followed AS (
  SELECT
    contact_id, is_end, at_us,
    max(CASE WHEN is_end = 1 THEN contact_id END) OVER (PARTITION BY customer, intent, ends) AS before_id,
    max(CASE WHEN is_end = 1 THEN at_us END) OVER (PARTITION BY customer, intent, ends) AS before_us
  FROM seen
),
repeats AS (
  SELECT contact_id, before_id FROM followed WHERE is_end = 0 AND at_us - before_us <= {{fcr_window}}
),
charged AS (
  SELECT before_id AS contact_id, count(*) AS repeats_caused FROM repeats GROUP BY before_id
),
over AS (
  SELECT contact_id, at_us, next_us - at_us AS after_us FROM seen WHERE is_end = 1
),
log_end AS (
  SELECT max(ended_us) AS us FROM events
)
SELECT
  o.contact_id, r.contact_id IS NOT NULL AS is_repeat, coalesce(c.repeats_caused, 0) AS repeats_caused,
  CASE WHEN o.at_us + {{day}} <= l.us THEN coalesce(o.after_us <= {{day}}, false) END AS recontact_1d,
  CASE WHEN o.at_us + 7 * {{day}} <= l.us THEN coalesce(o.after_us <= 7 * {{day}}, false) END AS recontact_7d,
  CASE WHEN o.at_us + 14 * {{day}} <= l.us THEN coalesce(o.after_us <= 14 * {{day}}, false) END AS recontact_14d,
  CASE WHEN o.at_us + 30 * {{day}} <= l.us THEN coalesce(o.after_us <= 30 * {{day}}, false) END AS recontact_30d
FROM over o
LEFT JOIN repeats r ON r.contact_id = o.contact_id
LEFT JOIN charged c ON c.contact_id = o.contact_id
CROSS JOIN log_end l
