// title: Repeat contacts
// question: For which intents, and on which channels, do customers have to come back?
// params: min_contacts = 1 (int, smallest number of contacts to report), limit = 50 (int, largest number of rows)
// returns: intent, channel (null where unknown), contacts (conversations whose customer and intent are known, count),
//   repeats (of them, those that follow an earlier one of the same customer and intent), repeat_share (0 to 1)
// reading: A row is an intent and the channel of the contact. A high repeat_share means that it is not resolved the
//   first time; overview/repeats_after shows after which channel.
MATCH (i:Interaction)
WHERE i.kind = 'contact' AND i.conversation = i.id AND i.is_repeat IS NOT NULL
WITH i.intent AS intent, i.channel AS channel, count(*) AS contacts, sum(CASE WHEN i.is_repeat THEN 1 ELSE 0 END) AS repeats
WHERE contacts >= $min_contacts
RETURN intent, channel, contacts, repeats, 1.0 * repeats / contacts AS repeat_share
ORDER BY repeats DESC, contacts DESC, intent, channel
LIMIT $limit
