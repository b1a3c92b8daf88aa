-- table: contact_acts
-- definition: One row a contact that somebody owned or that waited in a queue: who answered, how long it waited and was
--   worked on, and what was done in it (Contact-centre measures; Conversation).
-- reads: contact_steps, contact_profiles, contact_handling, tiers
-- grain: is_leg, contact_id
-- saved: no
-- columns:
--   contact_id string: the conversation, or the leg
--   is_leg bool: it is a leg of a conversation
--   journey_id string: its journey
--   source_system string: source system
--   channel string: first known channel
--   team string: the owner that had it first
--   customer_type string: human, machine or unknown
--   intent string: its intent
--   region string: the first `region` of its events (`--map region=COLUMN`, or an attribute)
--   language string: the same for `language`
--   started_us timestamp: first start
--   ended_us timestamp: latest end
--   first_actor string: human or bot: the first owner
--   has_bot bool: a bot owned it
--   has_human bool: a person owned it
--   queued bool: it entered a queue, and no callback was requested
--   abandoned bool: the customer gave up in the queue
--   handled bool: somebody owned it
--   answer_wait_s double: seconds from entering the queue to the first act of a person
--   human_handle_s double: seconds of people's spans; null where the system records no spans
--   bot_handle_s double: the same for bots
--   transfers int64: number of handoffs between owners, or to someone outside the export
--   escalated bool: it was escalated, or handed to a team of a higher tier; null if the system records no escalations
--     and tiers (`--tiers`) are not given for all who had it
--   finished bool: it was resolved or closed
--   reopens int64: number of reopenings
--   replies int64: messages of owners; null where the system records no messages
--   waited bool: its status was pending, on hold or waiting at some time
--   score double: the customer's last score, on the scale of the system
--   score_scale string: that scale, if the system records it, such as `1-5`
--   rating string: the customer's last rating in words, such as `good`
--   sentiment double: the last tone recorded as a number, on the scale of the system
--   tone string: the last tone recorded in words, such as `positive`
--   value double: its last known value
--   cost double: cost of its handling, money (`handled_price`); null without rates, and if a person's span has no
--     rate; spans of bots and menus count if they have one
--   cost_complete bool: every span has a rate; null if the cost is unknown
--
-- Null is unknown: a wait where no queue is recorded, handling time where the system records no spans. A transfer shows
-- in its next owner; one to somebody who is not in the export is recorded. A handoff to an owner of a higher tier
-- escalates; where the system records no escalations and a tier on the way is not known, nothing is known.
WITH spanning AS (
  SELECT DISTINCT source_system FROM contact_steps WHERE span_us > 0 AND owned
),
replying AS (
  SELECT DISTINCT source_system FROM contact_steps WHERE event_type = 'message'
),
escalating AS (
  SELECT DISTINCT source_system FROM contact_steps WHERE event_type = 'escalated'
),
summed AS (
  SELECT
    s.contact_id, s.is_leg, min_by(s.by_bot, s.place) FILTER (WHERE s.owned) AS bot_first,
    bool_or(s.by_bot) AS has_bot, bool_or(s.by_person) AS has_human,
    coalesce(bool_or(s.event_type = 'queue_enter'), false) AS queued, coalesce(bool_or(s.event_type = 'abandoned'), false) AS abandoned,
    coalesce(bool_or(s.event_type = 'callback_requested'), false) AS called_back,
    coalesce(bool_or(s.event_type = 'escalated'), false) AS escalated,
    min(s.started_us) FILTER (WHERE s.event_type = 'queue_enter') AS queued_us,
    min(s.started_us) FILTER (WHERE s.event_type = 'abandoned') AS abandoned_us,
    sum(s.span_us) FILTER (WHERE s.by_person) AS human_us,
    sum(s.span_us) FILTER (WHERE s.by_bot) AS bot_us,
    count(*) FILTER (WHERE s.event_type = 'message' AND s.owned) AS replies,
    count(*) FILTER (WHERE s.event_type = 'handoff' AND s.owned) AS given_away,
    count(*) FILTER (WHERE s.event_type = 'reopened') AS reopens,
    bool_or(s.event_type = 'status_changed' AND regexp_matches(lower(s.activity), 'pending|hold|wait')) AS waited,
    coalesce(bool_or(s.event_type IN ('resolved', 'closed')), false) AS finished,
    min_by(s.region, s.place) FILTER (WHERE s.region IS NOT NULL) AS region,
    min_by(s.language, s.place) FILTER (WHERE s.language IS NOT NULL) AS language,
    max_by(s.score, s.place) FILTER (WHERE s.score IS NOT NULL) AS score,
    max_by(s.scale, s.place) FILTER (WHERE s.score IS NOT NULL) AS score_scale,
    max_by(s.rating, s.place) FILTER (WHERE s.rating IS NOT NULL) AS rating,
    max_by(s.sentiment, s.place) FILTER (WHERE s.sentiment IS NOT NULL) AS sentiment,
    max_by(s.tone, s.place) FILTER (WHERE s.tone IS NOT NULL) AS tone,
    max_by(s.value, s.place) FILTER (WHERE s.value IS NOT NULL) AS value, min_by(s.owner, s.place) FILTER (WHERE s.owned) AS team
  FROM contact_steps s
  GROUP BY s.contact_id, s.is_leg
),
-- the first act of a person in or after the queue; who had it before the queue did not answer it
answered AS (
  SELECT s.contact_id, s.is_leg, min(s.started_us) AS answered_us
  FROM contact_steps s
  JOIN summed q ON q.contact_id = s.contact_id AND q.is_leg = s.is_leg
  WHERE s.by_person AND s.started_us >= q.queued_us
  GROUP BY s.contact_id, s.is_leg
),
-- its own owners in order; those of other contacts in between change nothing
owned_steps AS (
  SELECT contact_id, is_leg, owner, lag(owner) OVER (PARTITION BY is_leg, contact_id ORDER BY place) AS last_owner FROM contact_steps WHERE owned
),
handed AS (
  SELECT o.contact_id, o.is_leg, count(*) AS transfers, bool_or(t.tier > l.tier) AS raised, count(t.tier > l.tier) AS tiers_known
  FROM owned_steps o
  LEFT JOIN tiers t ON t.team = o.owner
  LEFT JOIN tiers l ON l.team = o.last_owner
  WHERE o.owner <> o.last_owner
  GROUP BY o.contact_id, o.is_leg
),
-- whether tiers were given at all
tiered AS (
  SELECT count(*) > 0 AS known FROM tiers
)
SELECT
  i.contact_id, i.is_leg, i.journey_id, i.source_system, i.channel, s.team, i.customer_type, i.intent, s.region, s.language,
  i.started_us, i.ended_us,
  CASE WHEN s.bot_first THEN 'bot' WHEN NOT s.bot_first THEN 'human' END AS first_actor,
  s.has_bot, s.has_human, s.queued AND NOT s.called_back AS queued, s.abandoned AND NOT s.called_back AS abandoned,
  s.has_human OR s.has_bot AS handled,
  CASE WHEN coalesce(a.answered_us <= s.abandoned_us, true) THEN (a.answered_us - s.queued_us) / 1e6 END AS answer_wait_s,
  CASE WHEN p.source_system IS NOT NULL THEN s.human_us / 1e6 END AS human_handle_s,
  CASE WHEN p.source_system IS NOT NULL THEN s.bot_us / 1e6 END AS bot_handle_s,
  greatest(coalesce(h.transfers, 0), s.given_away) AS transfers,
  CASE WHEN r.source_system IS NOT NULL THEN s.escalated OR coalesce(h.raised, false)
       WHEN x.known AND coalesce(h.transfers = h.tiers_known, true) THEN coalesce(h.raised, false) END AS escalated,
  s.finished, s.reopens, CASE WHEN m.source_system IS NOT NULL THEN s.replies END AS replies, s.waited,
  s.score, s.score_scale, s.rating, s.sentiment, s.tone, s.value, d.cost, CASE WHEN d.cost IS NOT NULL THEN d.complete END AS cost_complete
FROM contact_profiles i
JOIN summed s ON s.contact_id = i.contact_id AND s.is_leg = i.is_leg
LEFT JOIN answered a ON a.contact_id = i.contact_id AND a.is_leg = i.is_leg
LEFT JOIN handed h ON h.contact_id = i.contact_id AND h.is_leg = i.is_leg
LEFT JOIN replying m ON m.source_system = i.source_system
LEFT JOIN escalating r ON r.source_system = i.source_system
LEFT JOIN spanning p ON p.source_system = i.source_system
LEFT JOIN contact_handling d ON d.contact_id = i.contact_id AND d.is_leg = i.is_leg
CROSS JOIN tiered x
WHERE s.has_human OR s.has_bot OR s.queued OR s.abandoned
