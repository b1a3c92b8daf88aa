-- table: event_owners
-- definition: The owner of an event without one of its own is the last owner before it in the journey (Owner: carried
--   forward).
-- reads: event_order
-- grain: event_no
-- saved: no
-- columns:
--   event_no int64: number of the event in the log
--   seq int64: place of the event in the journey, from 0
--   owner string: the owner, carried forward
--   owned bool: the event has its own owner
--   opens_visit bool: the event is the first of its visit
--   closes_visit bool: the event is the last of its visit
--   position int64: position of the visit; null before the first owner
--
-- position is the 0-based number of the visit that the carried owner makes; null before the first owner. A mark is an
-- owned event's place and its owner's number in one integer, so that the latest mark so far names the carried owner.
WITH names AS (
  SELECT own_owner AS owner, row_number() OVER (ORDER BY own_owner) AS number
  FROM (SELECT DISTINCT own_owner FROM event_order WHERE own_owner IS NOT NULL) known
),
marked AS (
  SELECT o.journey_id, o.event_no, o.seq, n.number, o.seq * 4294967296 + n.number AS mark
  FROM event_order o
  LEFT JOIN names n ON n.owner = o.own_owner
),
seen AS (
  SELECT
    journey_id, event_no, seq, number,
    max(mark) OVER so_far % 4294967296 AS carried,
    max(mark) OVER earlier % 4294967296 AS before,
    min(mark) OVER later % 4294967296 AS after
  FROM marked
  WINDOW
    so_far AS (PARTITION BY journey_id ORDER BY seq ROWS UNBOUNDED PRECEDING),
    earlier AS (PARTITION BY journey_id ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
    later AS (PARTITION BY journey_id ORDER BY seq ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
),
turned AS (
  SELECT
    journey_id, event_no, seq, carried, number IS NOT NULL AS owned,
    number IS NOT NULL AND (before IS NULL OR before <> number) AS opens_visit,
    number IS NOT NULL AND (after IS NULL OR after <> number) AS closes_visit
  FROM seen
)
SELECT
  t.event_no, t.seq, n.owner, t.owned, t.opens_visit, t.closes_visit,
  nullif(CAST(sum(CASE WHEN t.opens_visit THEN 1 ELSE 0 END) OVER (
    PARTITION BY t.journey_id ORDER BY t.seq ROWS UNBOUNDED PRECEDING) AS BIGINT), 0) - 1 AS position
FROM turned t
LEFT JOIN names n ON n.number = t.carried
