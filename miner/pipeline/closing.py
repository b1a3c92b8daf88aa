"""The question whether a step that closes journeys is automatic: then the wait before it is nobody's.

Only a declaration settles a matter in a plain log (definitions: Settled), so nothing is assumed, it is asked.
"""

from __future__ import annotations

from miner.events.engine import Engine
from miner.events.notes import CLOSING
from miner.events.sink import Sink
from miner.wording import percent

_MOST_WAITING = 0.5  # of all waiting for us lies before the step
_NEARLY_ALL = 0.8  # of its steps have one actor, or come after one of a few fixed times
_FEW_TIMES = 5
_LEAST = 30  # journeys that end with it

# Of the step before which journeys waited longest at their end: how long, how often one actor did it, how often it came
# after one of the most frequent whole numbers of hours, and what mostly comes before it.
_CLOSING = """
WITH ends AS (SELECT journey_id, max(seq) AS seq FROM events GROUP BY journey_id),
own AS (
  SELECT journey_id, seq, from_activity, to_activity, queue_wait_us + handoff_wait_us + off_hours_us AS own_us
  FROM transitions
),
closing AS (
  SELECT o.to_activity, o.from_activity, o.own_us, o.own_us // 3600000000 AS hours,
         coalesce(CAST(e.agent AS VARCHAR), CAST(e.actor AS VARCHAR)) AS actor
  FROM ends JOIN own o USING (journey_id, seq) JOIN events e USING (journey_id, seq) WHERE o.own_us > 0
),
worst AS (
  SELECT to_activity, sum(own_us) AS own_us, count(*) AS n FROM closing GROUP BY to_activity
  ORDER BY own_us DESC, to_activity LIMIT 1
),
here AS (SELECT * FROM closing SEMI JOIN worst USING (to_activity))
SELECT CAST(to_activity AS VARCHAR), own_us / (SELECT sum(own_us) FROM own), n,
  (SELECT max(n) FROM (SELECT count(*) AS n FROM here WHERE actor IS NOT NULL GROUP BY actor)) / n,
  (SELECT sum(n) FROM (SELECT count(*) AS n FROM here WHERE hours > 0 GROUP BY hours ORDER BY n DESC LIMIT ?)) / n,
  (SELECT CAST(mode(from_activity) AS VARCHAR) FROM here)
FROM worst
"""


def ask_of_closing(engine: Engine, sink: Sink) -> None:
    """Note the step before which most waiting lies, where it looks automatic, with the option that says so."""
    steps = engine.rows(_CLOSING, [_FEW_TIMES])
    if not steps:
        return
    step, share, n, by_one, at_times, before = steps[0]
    alike = [
        text
        for text, part in (("by one actor", by_one), ("after one of a few fixed times", at_times))
        if (part or 0) >= _NEARLY_ALL
    ]
    if share < _MOST_WAITING or n < _LEAST or not alike or before is None:
        return
    named = before.replace("'", "'\\''")  # people paste it into a shell, whatever the log calls its steps
    sink.source = "all sources"
    sink.note(
        CLOSING,
        f"{percent(share, 1)} of the waiting for us lies before “{step}”, the last step of {n:,} journeys, "
        f"which comes {' and '.join(alike)}. If it is an automatic closing, name the activity that settles the "
        f"matter, and this time counts apart: --ends '{named}'",
        n,
    )
