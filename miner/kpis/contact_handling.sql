-- table: contact_handling
-- definition: What the handling of a contact costs: unknown as soon as a span of a person is, while bots, menus and third
--   parties count where a rate for them is given (Contact-centre measures: cost per contact).
-- reads: contact_steps, transitions
-- grain: is_leg, contact_id
-- saved: no
-- columns:
--   contact_id string: the conversation, or the leg
--   is_leg bool: it is a leg of a conversation
--   cost double: money
--   complete bool: every span has a rate
WITH priced AS (
  SELECT
    s.contact_id, s.is_leg, t.handled_price,
    coalesce(t.handled_us > 0, false) AND t.handled_price IS NULL AS unpriced,
    coalesce(s.actor_type, 'unknown') IN ('agent', 'supervisor', 'unknown') AS by_person
  FROM contact_steps s
  JOIN transitions t ON t.journey_id = s.journey_id AND t.seq = s.seq
)
SELECT
  contact_id, is_leg, CASE WHEN NOT bool_or(unpriced AND by_person) THEN {{total handled_price}} END AS cost,
  NOT bool_or(unpriced) AND count(handled_price) > 0 AS complete
FROM priced
GROUP BY contact_id, is_leg
