// title: Software customers
// question: Which customers are software, how often do they contact us, and who handles it?
// params: limit = 50 (int, largest number of rows)
// returns: customer (pseudonym), sure (1 where it is declared; else how sure the cadence makes it, 0 to 1; of the least
//   sure contact), contacts (conversations, count), journeys (count), repeats (that follow an earlier one about the
//   same, count), handled_by_people (a person took part, count), first_ms (first start, ms since 1970 in UTC), last_ms
//   (latest end, the same), journey (one of the journeys: the first by its id)
// reading: A row is a customer whose contacts are all or partly made by software. Give it its own interface: people
//   should not answer what a machine asks every hour.
MATCH (c:Customer)-[:HAS]->(j:Journey)<-[:PART_OF]-(i:Interaction)
WHERE i.customer_type = 'machine' AND i.kind = 'contact' AND i.conversation = i.id
WITH c.id AS customer, min(i.customer_type_sure) AS sure, count(*) AS contacts, count(DISTINCT j.id) AS journeys,
     sum(CASE WHEN i.is_repeat THEN 1 ELSE 0 END) AS repeats,
     sum(CASE WHEN i.has_human THEN 1 ELSE 0 END) AS handled_by_people,
     min(i.started_ms) AS first_ms, max(i.ended_ms) AS last_ms, min(j.id) AS journey
RETURN customer, sure, contacts, journeys, repeats, handled_by_people, first_ms, last_ms, journey
ORDER BY contacts DESC, customer
LIMIT $limit
