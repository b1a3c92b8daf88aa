-- table: handling_time
-- definition: Handling time of each event in person time (Fragmentation Cost): the span of an agent, bot, IVR,
--   supervisor, third party or unknown actor, hold included; a second that one person's spans cover twice in a journey
--   goes to the first of them in order.
-- reads: cost_events
-- grain: journey_id, seq
-- saved: no
-- columns:
--   journey_id int64: number of the journey
--   seq int64: the event
--   handled_us seconds: its handling time
--
-- Two people on a call for an hour are two hours. Where no person is known, the owner stands for one.
WITH spanning AS (
  SELECT
    journey_id, seq, started_us, ended_us,
    max(ended_us) OVER (
      PARTITION BY journey_id, coalesce(agent, actor, owner, '') ORDER BY seq
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached_us
  FROM cost_events
  WHERE started_us < ended_us AND coalesce(actor_type, 'unknown') NOT IN ('customer', 'system', 'rule')
)
SELECT
  journey_id, seq,
  CASE WHEN coalesce(reached_us, started_us) <= started_us THEN ended_us - started_us
       WHEN reached_us < ended_us THEN ended_us - reached_us
       ELSE 0 END AS handled_us
FROM spanning
