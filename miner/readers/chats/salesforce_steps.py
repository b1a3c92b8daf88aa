"""What the rows of a Salesforce chat transcript or messaging session say, step by step."""

from __future__ import annotations

from miner.events.sink import Sink
from miner.events.values import customer_key, number_of
from miner.readers.shared.conversation import SYSTEM, Actor, Conversation, first_key, words
from miner.readers.shared.fields import Json
from miner.readers.shared.staging import Staged
from miner.readers.tabular.rows import Row

_SYSTEM = "salesforce"
_TRANSCRIPT = {
    name.lower(): name
    for name in (
        "WaitTime",
        "ChatDuration",
        "Abandoned",
        "OperatorMessageCount",
        "VisitorMessageCount",
        "AverageResponseTimeOperator",
        "AverageResponseTimeVisitor",
        "MaxResponseTimeOperator",
        "MaxResponseTimeVisitor",
    )
}
_SESSION = {name.lower(): name for name in ("AgentMessageCount", "EndUserMessageCount")}
# What a type of event is: the activity, the event type, and who does it.
_TYPES: dict[str, tuple[str, str | None, str]] = {
    "ChatRequest": ("Chat requested", "started", "customer"),
    "Enqueue": ("Queued", "queue_enter", "system"),
    "PushAssignment": ("Offered to agent", "agent_offered", "system"),
    "Accept": ("Accepted", "agent_connected", "agent"),
    "Transfer": ("Transfer accepted", "handoff", "agent"),
    "TransferRequest": ("Transfer requested", None, "agent"),
    "DeclineManual": ("Declined", "agent_no_answer", "system"),
    "DeclineTimeout": ("Not answered", "agent_no_answer", "system"),
    "LeaveAgent": ("Agent left", "agent_released", "leaving"),
    "EndAgent": ("Ended by agent", "closed", "leaving"),
    "LeaveVisitor": ("Customer left", "ended", "customer"),
    "EndVisitor": ("Ended by customer", "ended", "customer"),
    "CancelVisitor": ("Abandoned", "abandoned", "customer"),
    "CancelNoAgent": ("No agent", "ended", "system"),
    "CancelNoQueue": ("No queue", "ended", "system"),
    "CancelBlocked": ("Blocked", "ended", "system"),
}
_CHANNELS = {
    "text": "sms",
    "sms": "sms",
    "facebook": "social",
    "instagram": "social",
    "whatsapp": "messaging",
    "line": "messaging",
    "wechat": "messaging",
    "applebusinesschat": "messaging",
    "email": "email",
    "embeddedmessaging": "messaging",
    "custom": "messaging",
    "phone": "voice",
}
_AGENT_TYPES = ("Agent", "Bot", "BotToAgent", "System")
_QUEUE = "00G"  # ids of queues and groups begin so; those of users with 005


def chat(topic: str, head: Staged | None, events: list[Staged], sink: Sink) -> Conversation:
    """A chat transcript with its events; without events as far as the transcript itself goes."""
    return _Chat(topic, head, events, sink).tell()


class _Chat:
    def __init__(self, topic: str, head: Staged | None, events: list[Staged], sink: Sink):
        self.head, self.events, self.sink = head, events, sink
        self.row: Row = head.body["row"] if head else {}
        mapped = (head or events[0]).body["mapped"]
        self.chat = _conversation(sink, topic, "chat", self.row, mapped, self.row.get("livechatvisitorid"))
        self.chat.declared = _declared(self.row, _TRANSCRIPT)
        self.chat.identity["user_agent"] = self.row.get("useragent") or self.row.get("browser")
        self.chat.identity["device"] = self.row.get("platform")
        self.team = mapped.get("team")
        self.holder: str | None = None
        self.customer: Actor = ("customer", self.chat.customer)

    def tell(self) -> Conversation:
        """All steps, in the order of time."""
        for event in self.events:
            self._event(event)
        if self.head is not None and not self.events:
            self._alone(self.head)
        return self.chat

    def _event(self, event: Staged) -> None:
        row = event.body["row"]
        kind, agent = row.get("type") or "", row.get("agent_name") or row.get("agentid")
        known = _TYPES.get(kind)
        if known is None:
            self.sink.note("unknown values", "unknown event types were kept by name", example=kind)
        activity, event_type, who = known or (words(kind), None, "system")
        details: dict[str, str | None] = {"agent": agent} if who == "system" and agent else {}
        actor: Actor = {"customer": self.customer, "system": SYSTEM}.get(who, ("agent", agent))
        if who == "leaving" and self.holder not in (None, agent):
            actor, details = SYSTEM, {"agent": agent}  # who leaves after another took over does not take it back
        handoff = None
        if kind == "Transfer" and self.holder not in (None, agent):
            handoff, details = "agent_reassign", {"from_agent": self.holder, "to_agent": agent}
        elif event_type == "agent_no_answer":
            handoff = "requeue_no_answer"
        if kind in ("Accept", "Transfer"):
            self.holder = agent
        outcome = {"closed": "closed", "abandoned": "abandoned"}.get(event_type or "")
        team = event.body["mapped"].get("team") or self.team
        self.chat.add(
            event, event.at, actor, activity, event_type, team, handoff_kind=handoff, outcome=outcome, details=details
        )

    def _alone(self, head: Staged) -> None:
        """The transcript without its events: requested, accepted, ended."""
        at, owner = head.body["at"], _owner(self.row)
        self.sink.note(
            "truncated",
            "transcripts were exported without their events: of several agents only the last is known",
            example=self.row.get("id"),
        )
        self.chat.add(head, at["requesttime"] or head.at, self.customer, "Chat requested", "started")
        if at["starttime"] is not None and self.row.get("status") != "Missed":
            self.chat.add(head, at["starttime"], ("agent", owner), "Accepted", "agent_connected", self.team)
        if self.row.get("status") in ("Missed", "Dropped") or (number_of(self.row.get("abandoned")) or 0) > 0:
            self.chat.add(head, at["endtime"] or head.at, self.customer, "Abandoned", "abandoned", outcome="abandoned")
        elif at["endtime"] is not None:
            by_agent = (self.row.get("endedby") or "").lower() == "agent"
            self.chat.add(
                head,
                at["endtime"],
                ("agent", owner) if by_agent else SYSTEM,
                "Ended",
                "closed",
                self.team,
                outcome="closed",
            )


def session(head: Staged, sink: Sink) -> Conversation:
    """A messaging session: a bot, a bot and an agent, or an agent; of several agents only the last is known."""
    row, at, mapped = head.body["row"], head.body["at"], head.body["mapped"]
    channel = (row.get("channeltype") or "").lower()
    chat = _conversation(
        sink, row["id"], _CHANNELS.get(channel, "messaging"), row, mapped, row.get("messagingenduserid")
    )
    chat.declared = _declared(row, _SESSION)
    kind, owner, team = row.get("agenttype") or "", _owner(row), mapped.get("team")
    if kind not in _AGENT_TYPES:
        sink.note("unknown values", "unrecognised agent types were read as unknown", example=kind)
    if channel and channel not in _CHANNELS:
        sink.note("unknown values", "unrecognised channels were read as messaging", example=channel)
    customer: Actor = ("customer", chat.customer)
    inbound = (row.get("origin") or "Inbound").startswith("Inbound") and kind != "System"
    opener: Actor = customer if inbound else ("rule", "outbound") if kind == "System" else ("agent", owner)
    chat.add(
        head, at["starttime"] if at["starttime"] is not None else head.at, opener, "Session started", "started", team
    )
    if kind in ("Bot", "BotToAgent"):
        chat.add(head, head.at, ("bot", "bot"), "Bot engaged", "bot_engaged")
    if kind in ("Agent", "BotToAgent") and at["accepttime"] is not None:
        chat.add(
            head,
            at["accepttime"],
            ("agent", owner),
            "Accepted",
            "agent_connected",
            team,
            handoff_kind="bot_to_human" if kind == "BotToAgent" else None,
        )
    if at["endtime"] is not None:
        unanswered = kind in ("Agent", "BotToAgent") and at["accepttime"] is None and inbound
        ended = (row.get("endedbytype") or "").lower()
        actor: Actor = ("agent", owner) if ended == "agent" else customer if ended == "enduser" else SYSTEM
        if unanswered:
            chat.add(head, at["endtime"], customer, "Abandoned", "abandoned", outcome="abandoned")
        else:
            chat.add(head, at["endtime"], actor, "Ended", "ended", team, details={"status": row.get("status")})
    return chat


def _conversation(
    sink: Sink, id: str, channel: str, row: Row, mapped: dict[str, str | None], own: str | None
) -> Conversation:
    """The chat with its customer: a mapped one, else contact, account, visitor; and the case it names."""
    contact = row.get("contactid") or row.get("endusercontactid")
    account = row.get("accountid") or row.get("enduseraccountid")
    customer = first_key(
        customer_key(mapped.get("customer")),
        customer_key(contact),
        customer_key(account),
        f"{_SYSTEM}:{own}" if own else None,
    )
    chat = Conversation(sink, f"{_SYSTEM}:{id}", _SYSTEM, channel, customer, mapped.get("intent"))
    chat.outcome, chat.value = mapped.get("outcome"), number_of(mapped.get("value"))
    chat.identity = {
        "id": contact or own,
        "name": row.get("contact_name"),
        "email": row.get("contact_email"),
        "phone": row.get("contact_phone"),
    }
    if row.get("caseid"):
        sink.refer(chat.key, f"{_SYSTEM}:{row['caseid']}", "case id")
    return chat


def _owner(row: Row) -> str | None:
    """The name or id of the owner where it is a person; a queue is none."""
    id = row.get("ownerid")
    return None if id is not None and id.startswith(_QUEUE) else row.get("owner_name") or id


def _declared(row: Row, names: dict[str, str]) -> Json:
    totals = {name: number_of(row.get(field)) for field, name in names.items()}
    return {name: int(value) if value == int(value) else value for name, value in totals.items() if value is not None}
