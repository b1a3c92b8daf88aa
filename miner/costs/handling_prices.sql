-- table: handling_prices
-- definition: What handling costs, fragmented or not, in millionths: the time of each event at the rate of its team or
--   actor, or, where repeat contacts are priced by contact, the contact's price at its first event (Fragmentation
--   Cost).
-- reads: cost_components, assumptions, actor_rates, team_rates, contact_costs, cost_interactions
-- grain: journey_id, seq
-- saved: no
-- columns:
--   journey_id int64: number of the journey
--   seq int64: the event
--   handled_um money: what its handling costs
--
-- It is no component of the Fragmentation Cost: some of it is in one. Null where there is nothing to price, or no price.
SELECT
  c.journey_id, c.seq,
  CAST(CASE WHEN NOT x.by_contact THEN CASE WHEN c.handled_us > 0 THEN round(c.handled_us * coalesce(t.rate, a.rate) / 3600) END
            WHEN row_number() OVER (PARTITION BY c.journey_id, c.interaction_id ORDER BY c.seq) = 1 THEN p.cost_um
            ELSE 0 * p.cost_um END AS BIGINT) AS handled_um
FROM cost_components c
CROSS JOIN assumptions x
LEFT JOIN team_rates t ON t.team = c.team
LEFT JOIN actor_rates a ON a.actor_type = coalesce(c.actor_type, 'unknown')
LEFT JOIN cost_interactions i ON i.interaction_id = c.interaction_id
LEFT JOIN contact_costs p ON p.channel = i.channel
