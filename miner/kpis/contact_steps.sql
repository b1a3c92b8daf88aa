-- table: contact_steps
-- definition: The events of each contact in their order, with what their attributes say (Contact-centre measures).
-- reads: events, contact_interactions
-- grain: is_leg, contact_id, place
-- saved: no
-- columns:
--   contact_id string: the conversation, or the leg
--   is_leg bool: it is a leg of a conversation
--   place int64: place in the contact
--   journey_id string: journey of the event
--   seq int64: its place there
--   event_type string: its type
--   activity string: what was done
--   actor_type string: who acts
--   owned bool: it has an owner of its own
--   owner string: the owner
--   source_system string: the system that recorded it
--   outcome string: the outcome recorded with it
--   value double: the value recorded with it
--   region string: the customer's region
--   language string: the customer's language
--   scale string: the scale of the score
--   score double: the customer's score, where it is a number
--   rating string: the score, where it is a word
--   sentiment double: the tone, where it is a number
--   tone string: the tone, where it is a word
--   started_us timestamp: start
--   span_us seconds: length
--   by_person bool: a person owned it
--   by_bot bool: a bot owned it
--
-- The legs of a conversation are put in one order, whichever journey they are in.
WITH keyed AS (
  SELECT c.contact_id, c.is_leg, c.has_legs, e.*
  FROM contact_interactions c
  JOIN events e ON e.interaction_id = c.interaction_id
),
placed AS (
  SELECT *, seq AS place FROM keyed WHERE NOT has_legs
  UNION ALL
  SELECT *, row_number() OVER (PARTITION BY is_leg, contact_id ORDER BY started_us, journey_id, seq) AS place
  FROM keyed WHERE has_legs
)
SELECT
  contact_id, is_leg, place, journey_id, seq, event_type, activity, actor_type, owned, owner, source_system,
  outcome, value,
  json_extract_string(attributes, '$.region') AS region, json_extract_string(attributes, '$.language') AS language,
  json_extract_string(attributes, '$.scale') AS scale,
  -- scores and tones are numbers or words, as the system recorded them
  try_cast(json_extract_string(attributes, '$.score') AS DOUBLE) AS score,
  CASE WHEN try_cast(json_extract_string(attributes, '$.score') AS DOUBLE) IS NULL
        AND lower(json_extract_string(attributes, '$.score')) NOT IN ('offered', 'unoffered')
       THEN lower(json_extract_string(attributes, '$.score')) END AS rating,
  try_cast(json_extract_string(attributes, '$.sentiment') AS DOUBLE) AS sentiment,
  CASE WHEN try_cast(json_extract_string(attributes, '$.sentiment') AS DOUBLE) IS NULL
       THEN lower(json_extract_string(attributes, '$.sentiment')) END AS tone,
  started_us, ended_us - started_us AS span_us,
  -- an owner that the log calls nothing else is a person
  owned AND coalesce(actor_type, 'unknown') <> 'bot' AS by_person, owned AND coalesce(actor_type, 'unknown') = 'bot' AS by_bot
FROM placed
