-- table: paths
-- definition: The path of a journey: its owners in the order of its visits.
-- reads: cost_visits
SELECT journey_id, {{ordered_join owner position}} AS path FROM cost_visits GROUP BY journey_id
