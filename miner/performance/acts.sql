-- table: acts
-- definition: One row an interaction, or a conversation, that somebody owned or that waited in a queue: who answered, how long it
--   waited and was worked on, and what was done in it (Contact-centre measures; Conversation).
-- reads: keyed_events, keyed_contacts, tiers, handling
-- `contact_id` is the interaction or the conversation, whichever the two views are made for. Null is unknown: a wait where no
-- queue is recorded, handling time where the system records no spans.
-- A transfer shows in its next owner; one to somebody who is not in the export is recorded. A handoff to an owner of a higher
-- tier escalates; where the system records no escalations and a tier on the way is not known, nothing is known.
WITH steps AS (
  SELECT
    contact_id, seq, event_type, activity, actor_type, owned, owner, source_system, value,
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
    epoch_us(started_at) AS started_us, epoch_us(ended_at) - epoch_us(started_at) AS span_us,
    -- an owner that the log calls nothing else is a person
    owned AND coalesce(actor_type, 'unknown') <> 'bot' AS by_person, owned AND coalesce(actor_type, 'unknown') = 'bot' AS by_bot
  FROM keyed_events
),
spanning AS (
  SELECT DISTINCT source_system FROM steps WHERE span_us > 0 AND owned
),
replying AS (
  SELECT DISTINCT source_system FROM steps WHERE event_type = 'message'
),
escalating AS (
  SELECT DISTINCT source_system FROM steps WHERE event_type = 'escalated'
),
summed AS (
  SELECT
    s.contact_id, min_by(s.by_bot, s.seq) FILTER (WHERE s.owned) AS bot_first,
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
    min_by(s.region, s.seq) FILTER (WHERE s.region IS NOT NULL) AS region,
    min_by(s.language, s.seq) FILTER (WHERE s.language IS NOT NULL) AS language,
    max_by(s.score, s.seq) FILTER (WHERE s.score IS NOT NULL) AS score,
    max_by(s.scale, s.seq) FILTER (WHERE s.score IS NOT NULL) AS score_scale,
    max_by(s.rating, s.seq) FILTER (WHERE s.rating IS NOT NULL) AS rating,
    max_by(s.sentiment, s.seq) FILTER (WHERE s.sentiment IS NOT NULL) AS sentiment,
    max_by(s.tone, s.seq) FILTER (WHERE s.tone IS NOT NULL) AS tone,
    max_by(s.value, s.seq) FILTER (WHERE s.value IS NOT NULL) AS value, min_by(s.owner, s.seq) FILTER (WHERE s.owned) AS team
  FROM steps s
  GROUP BY s.contact_id
),
-- the first act of a person in or after the queue; who had it before the queue did not answer it
answered AS (
  SELECT s.contact_id, min(s.started_us) AS answered_us
  FROM steps s
  JOIN summed q ON q.contact_id = s.contact_id
  WHERE s.by_person AND s.started_us >= q.queued_us
  GROUP BY s.contact_id
),
-- its own owners in order; those of other contacts in between change nothing
owned_steps AS (
  SELECT contact_id, owner, lag(owner) OVER (PARTITION BY contact_id ORDER BY seq) AS last_owner FROM steps WHERE owned
),
handed AS (
  SELECT o.contact_id, count(*) AS transfers, bool_or(t.tier > l.tier) AS raised, count(t.tier > l.tier) AS tiers_known
  FROM owned_steps o
  LEFT JOIN tiers t ON t.team = o.owner
  LEFT JOIN tiers l ON l.team = o.last_owner
  WHERE o.owner <> o.last_owner
  GROUP BY o.contact_id
),
-- whether tiers were given at all
tiered AS (
  SELECT count(*) > 0 AS known FROM tiers
)
SELECT
  i.contact_id, i.journey_id, i.source_system, i.channel, s.team, i.customer_type, i.intent, s.region, s.language,
  i.started_at, i.ended_at,
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
FROM keyed_contacts i
JOIN summed s ON s.contact_id = i.contact_id
LEFT JOIN answered a ON a.contact_id = i.contact_id
LEFT JOIN handed h ON h.contact_id = i.contact_id
LEFT JOIN replying m ON m.source_system = i.source_system
LEFT JOIN escalating r ON r.source_system = i.source_system
LEFT JOIN spanning p ON p.source_system = i.source_system
LEFT JOIN handling d ON d.contact_id = i.contact_id
CROSS JOIN tiered x
WHERE s.has_human OR s.has_bot OR s.queued OR s.abandoned
