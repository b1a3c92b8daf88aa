"""What the parts of one LivePerson conversation or engagement say, step by step.

An agent belongs to the skill that had the conversation when it was assigned to them; bots own under their own name.
Who only reads along or manages owns nothing, and neither does the bot that asks the survey afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from miner.events.sink import Sink
from miner.events.values import id_of
from miner.readers.shared.conversation import SYSTEM, Actor, Conversation
from miner.readers.shared.staging import Staged

_CHANNELS = {
    "facebook": "social",
    "twitter": "social",
    "instagram": "social",
    "sms": "sms",
    "twilio": "sms",
    "email": "email",
}
_CLOSERS = {"consumer": "customer", "agent": "agent"}
_ORDER = ("transfers", "agentParticipantsLeave", "agentParticipants", "messageRecords")  # of what is at the same time


def known(value: object) -> str | None:
    """A value as text; the words and numbers that LivePerson writes for nothing are None."""
    text = id_of(value)
    return None if text in ("-1", "Unassigned") else text


class ConversationSteps:
    """One messaging conversation on its way through transfers, agents and messages."""

    def __init__(self, staged: Staged, sink: Sink):
        self.staged, self.body, self.sink = staged, staged.body, sink
        source = (self.body["info"]["source"] or "").lower()
        self.chat = Conversation(
            sink,
            f"liveperson:{self.body['id']}",
            "liveperson",
            _CHANNELS.get(source, "messaging"),
            self.body["customer"],
        )
        self.chat.declared, self.chat.identity = self.body["declared"], self.body["identity"]
        self.people = {e.get("agentId"): e for e in reversed(self.body["agentParticipants"]) if e.get("agentId")}
        moves = sorted(self.body["transfers"], key=lambda e: e["at"])
        info = self.body["info"]
        self.skill = _skill(moves[0], "source") if moves else info["latestSkillName"] or info["latestSkillId"]
        self.skills_of: dict[str | None, str | None] = {}  # agents who had the conversation → their skill or group
        self.holder: str | None = None

    def tell(self) -> Conversation:
        """All steps, in the order of time."""
        body, chat = self.body, self.chat
        chat.add(self.staged, self.staged.at, ("customer", body["customer"]), "Conversation started", "started")
        entries = [(e["at"], order, e, kind) for order, kind in enumerate(_ORDER) for e in body[kind]]
        for _, _, entry, kind in sorted(entries, key=lambda e: e[:2]):
            for step in self._steps(kind, entry):
                chat.add(self.staged, entry["at"], **step)
        if body["end"] is not None:
            self._close()
        if body["partial"]:
            self.sink.note("truncated", "conversations are marked as partial (isPartial)", example=body["id"])
        elif not set(_ORDER) & set(body["listed"]):
            self.sink.note(
                "truncated", "conversations were exported without messages, agents and transfers", example=body["id"]
            )
        return chat

    def _steps(self, kind: str, entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if entry.get("dialogId") in self.body["surveys"]:
            yield from self._survey(kind, entry)
        elif kind == "transfers":
            yield self._transfer(entry)
        elif kind == "agentParticipants":
            yield self._join(entry)
        elif kind == "agentParticipantsLeave":
            yield self._leave(entry)
        else:
            yield self._message(entry)

    def _survey(self, kind: str, entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """A survey's bot follows a script and takes nothing over."""
        if kind != "messageRecords":
            return
        if (entry.get("sentBy") or "").lower() == "consumer":
            yield {
                "actor": ("customer", self.body["customer"]),
                "activity": "Survey answered",
                "event_type": "survey_answered",
            }
        else:
            yield {"actor": ("rule", "survey"), "activity": "Survey offered", "event_type": "survey_offered"}

    def _transfer(self, entry: dict[str, Any]) -> dict[str, Any]:
        source, target = entry.get("sourceAgentId"), entry.get("assignedAgentId")
        before, now = _skill(entry, "source"), _skill(entry, "target")
        if before != self.skill and self.skills_of:
            self.sink.note(
                "truncated", "a transfer begins in another skill than the one before", example=self.body["id"]
            )
        by_other = entry.get("by") not in (None, source)
        actor = SYSTEM if source is None or by_other else self._actor(source, entry)
        move = {
            "from_team": before,
            "to_team": now,
            "from_agent": self._name(source, entry),
            "to_agent": self._name(target, entry),
            "reason": entry.get("reason"),
        }
        step = {
            "actor": actor,
            "team": self.skills_of.get(source) or before,
            "details": move,
            "activity": "Returned to queue" if now == before and target is None else "Transferred",
            "event_type": "unassigned" if now == before and target is None else "assigned",
            "handoff_kind": self._kind_of(entry, source, target, before, now),
        }
        self.skill = now or self.skill
        return step

    def _kind_of(
        self, entry: dict[str, Any], source: str | None, target: str | None, before: str | None, now: str | None
    ) -> str | None:
        """The kind of handoff; None for first routing, and for a return to the same queue."""
        if source is None or (self.skills_of and source not in self.skills_of):
            return None
        after = target if target in self.people else self._next_after(entry["at"])
        bots = (self._is_bot(source), self._is_bot(after))
        if bots == (True, False):
            return "bot_to_human"
        if bots == (False, True):
            return "human_to_bot"
        if now is not None and now != before:
            return "group_reassign"
        return "agent_reassign" if target is not None and target != source else None

    def _join(self, entry: dict[str, Any]) -> dict[str, Any]:
        agent = entry.get("agentId")
        permission = (entry.get("permission") or entry.get("role") or "ASSIGNED_AGENT").upper()
        if "ASSIGNED" not in permission and permission != "AGENT":
            return {
                "actor": ("supervisor", self._name(agent, entry)),
                "activity": f"Joined as {permission.lower()}",
                "event_type": "conference_join",
            }
        self.skills_of[agent] = self.skill or entry.get("agentGroupName")
        self.holder = agent
        return {
            "actor": self._actor(agent, entry),
            "team": self.skills_of[agent],
            "activity": "Agent assigned",
            "event_type": "bot_engaged" if self._is_bot(agent) else "agent_connected",
        }

    def _leave(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Who leaves after another has taken over does not take it back by that."""
        agent = entry.get("agentId")
        mine = agent is not None and agent == self.holder
        return {
            "actor": self._actor(agent, entry) if mine else SYSTEM,
            "team": self.skills_of.get(agent),
            "activity": "Agent left",
            "event_type": "agent_released",
            "details": None if mine else {"agent": self._name(agent, entry)},
        }

    def _message(self, entry: dict[str, Any]) -> dict[str, Any]:
        who = entry.get("participantId")
        if (entry.get("sentBy") or "").lower() == "consumer" or (who is not None and who == self.body["consumer"]):
            actor: Actor = ("customer", self.body["customer"])
        else:
            actor = self._actor(who, entry)
        if actor[0] in ("agent", "bot") and who not in self.skills_of:
            self.skills_of[who] = self.skill or self.people.get(who, {}).get("agentGroupName")
        names = {"customer": "Customer message", "agent": "Reply", "bot": "Bot message"}
        return {
            "actor": actor,
            "team": self.skills_of.get(who),
            "activity": names.get(actor[0], "Message"),
            "event_type": "message",
            "text": entry["text"],
        }

    def _close(self) -> None:
        reason = (self.body["info"]["closeReason"] or "").lower()
        holder = self.holder or self.body["info"]["latestAgentId"]
        actor: Actor = SYSTEM
        if _CLOSERS.get(reason) == "customer":
            actor = ("customer", self.body["customer"])
        elif _CLOSERS.get(reason) == "agent" and holder is not None:
            actor = self._actor(holder, {})
        at = max(self.body["end"], *(step["started_us"] for step in self.chat.steps))
        self.chat.add(
            self.staged,
            at,
            actor,
            "Closed",
            "closed",
            self.skills_of.get(holder, self.skill),
            outcome="closed",
            details={"reason": reason or None},
        )

    def _actor(self, agent: str | None, entry: dict[str, Any]) -> Actor:
        person = self.people.get(agent, entry)
        kind = (person.get("userTypeName") or "Human").lower()
        if kind not in ("human", "bot", "system"):
            self.sink.note("unknown values", "unrecognised user types were read as unknown", example=kind)
            return "unknown", self._name(agent, entry)
        return {"human": "agent", "bot": "bot", "system": "system"}[kind], self._name(agent, entry) or kind

    def _name(self, agent: str | None, entry: dict[str, Any]) -> str | None:
        person = self.people.get(agent, {})
        mine = entry if entry.get("agentId") == agent else {}
        name = person.get("agentFullName") or person.get("agentNickname") or mine.get("agentFullName")
        if not name and agent is not None and entry.get("sourceAgentId") == agent:
            name = entry.get("sourceAgentFullName")
        if not name and agent is not None and entry.get("assignedAgentId") == agent:
            name = entry.get("assignedAgentFullName")
        return name or agent

    def _is_bot(self, agent: str | None) -> bool:
        return (self.people.get(agent, {}).get("userTypeName") or "").lower() == "bot"

    def _next_after(self, at: int) -> str | None:
        later = [e for e in self.body["agentParticipants"] if e["at"] >= at]
        return min(later, key=lambda e: e["at"]).get("agentId") if later else None


class EngagementSteps:
    """One live chat of the Engagement History API: the lines of its transcript."""

    def __init__(self, staged: Staged, sink: Sink):
        self.staged, self.body, self.sink = staged, staged.body, sink
        self.chat = Conversation(sink, f"liveperson:{self.body['id']}", "liveperson", "chat", self.body["customer"])
        self.chat.declared, self.chat.identity = self.body["declared"], self.body["identity"]
        info = self.body["info"]
        self.team = info["skillName"] or info["skillId"] or info["agentGroupName"]
        self.agent = info["agentFullName"] or info["agentNickName"] or info["agentName"] or info["agentId"]

    def tell(self) -> Conversation:
        """All steps, in the order of time."""
        body, chat = self.body, self.chat
        customer: Actor = ("customer", body["customer"])
        chat.add(self.staged, self.staged.at, customer, "Chat requested", "started")
        if self.agent is not None and body["start"] is not None:
            chat.add(self.staged, body["start"], ("agent", self.agent), "Chat accepted", "agent_connected", self.team)
        for line in body["lines"]:
            source = (line["source"] or "").lower()
            if source == "visitor":
                chat.add(self.staged, line["at"], customer, "Customer message", "message", text=line["text"])
            elif source == "agent":
                # A line has the name that is shown; the engagement's own agent goes by the full name.
                own = line["agent"] in (None, body["info"]["agentId"])
                who = self.agent if own and self.agent is not None else line["by"] or line["agent"]
                chat.add(self.staged, line["at"], ("agent", who), "Reply", "message", self.team, text=line["text"])
            elif source != "system":
                self.sink.note("unknown values", "unknown sources of lines", example=source)
                chat.add(self.staged, line["at"], ("unknown", line["by"]), "Message", "message", text=line["text"])
        if body["end"] is not None:
            at = max(body["end"], self.staged.at)
            chat.add(self.staged, at, SYSTEM, "Chat ended", "ended", details={"reason": body["info"]["endReasonDesc"]})
        if body["partial"] or "transcript" not in body["listed"]:
            self.sink.note("truncated", "engagements were exported without their transcript", example=body["id"])
        return chat


def _skill(entry: dict[str, Any], end: str) -> str | None:
    name: str | None = entry.get(f"{end}SkillName") or entry.get(f"{end}SkillId")
    return name
