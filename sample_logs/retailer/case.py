"""The verbs of a matter: what customers, the bot and agents do, in whichever system, with natural waits."""

from __future__ import annotations

from dataclasses import dataclass, field

from .clock import BACK_OFFICE, DAY, HOUR, MON, local, utc
from .connect import Connect, Leg
from .dice import Dice
from .intercom import Chat, Intercom
from .orders import Shop
from .people import TEAMS, Agent, Customer, Staff
from .zendesk import Ticket, Zendesk

MINUTE = 60


@dataclass
class World:
    """Everything that exports are made of."""

    staff: Staff = field(default_factory=Staff)

    def __post_init__(self) -> None:
        self.zendesk, self.connect = Zendesk(self.staff), Connect(self.staff)
        self.intercom, self.shop = Intercom(self.staff), Shop()


@dataclass
class Case:
    """One customer's matter; `touched` collects its records."""

    world: World
    dice: Dice
    customer: Customer
    intent: str | None
    touched: list[Ticket | Chat | Leg] = field(default_factory=list)

    @property
    def last(self) -> int:
        """When the latest of all contacts so far was over."""
        return max(record.last for record in self.touched)

    # tickets

    def ticket(self, at: int, team: str = "Customer Care", agent: Agent | None = None, known: bool = True) -> Ticket:
        """A ticket by the customer, or opened for them by an agent."""
        channel = "api" if agent else self.dice.weighted({"email": 0.6, "web": 0.4})
        ticket = self.world.zendesk.open(self.customer, at, self.intent, team, channel, agent, known)
        self.touched.append(ticket)
        return ticket

    def pick_up(self, ticket: Ticket, minutes: float, quietly: bool = False) -> Agent:
        """The team's first own action after so many of its working minutes; `quietly` is a note only."""
        at = self._turn(ticket.group, ticket.last, minutes)
        agent = self.world.staff.anyone(ticket.group, self.dice)
        if not quietly and self.dice.chance(0.3) and at - ticket.last > 3 * MINUTE:
            ticket.rule_assigns(ticket.last + self.dice.whole(1, 40), agent)
        if quietly:
            ticket.note(at, agent)
        else:
            ticket.take(at, agent)
            if self.dice.chance(0.6):
                ticket.note(self._soon(ticket, 2, 12), agent)
        return agent

    def move(self, ticket: Ticket, agent: Agent, team: str, low: float = 3, high: float = 15) -> None:
        """The agent hands the ticket on, some minutes after their last action and not on Saturdays."""
        ticket.move(BACK_OFFICE.after(ticket.last, self.dice.between(low, high) * MINUTE), agent, team)

    def ask(self, ticket: Ticket, agent: Agent) -> None:
        """The agent asks the customer, who answers within a day, and the agent reads it."""
        ticket.reply(self._soon(ticket, 3, 10), agent, "pending")
        ticket.customer_writes(ticket.last + int(self.dice.between(0.5, 14) * HOUR))
        ticket.note(TEAMS[ticket.group].hours.after(ticket.last, self.dice.between(10, 60) * MINUTE), agent)

    def solve(self, ticket: Ticket, agent: Agent, low: float = 5, high: float = 40) -> int:
        """The agent solves; when that was. A day later the automation closes."""
        solved = ticket.solve(self._soon(ticket, low, high), agent)
        if self.dice.chance(0.05):
            ticket.customer_writes(solved + int(self.dice.between(2, 22) * HOUR))
            again = TEAMS[ticket.group].hours.after(ticket.last, self.dice.around(70, 0.5) * MINUTE)
            solved = ticket.solve(again, agent)
        ticket.close()
        return solved

    def _soon(self, ticket: Ticket, low: float, high: float) -> int:
        return TEAMS[ticket.group].hours.after(ticket.last, self.dice.between(low, high) * MINUTE)

    def _turn(self, team: str, since: int, minutes: float) -> int:
        """When a team gets to it: the Delivery Desk leaves Monday's tickets until late on Tuesday."""
        day, weekday, _ = local(since)
        if team == "Delivery Desk" and weekday == MON:
            return utc(day + 1, self.dice.between(11, 16.7) * HOUR)
        return TEAMS[team].hours.after(since, self.dice.around(minutes, 0.45) * MINUTE)

    # chats

    def chat(self, at: int, turns: int = 2) -> Chat:
        """A chat with the bot, so many answers long."""
        chat = self.world.intercom.open(self.customer, at, self.intent, self.dice.code(6))
        self.touched.append(chat)
        for turn in range(turns):
            chat.bot_says(chat.last + self.dice.whole(4, 15))
            if turn < turns - 1:
                chat.customer_says(chat.last + self.dice.whole(25, 200))
        return chat

    def bot_claims(self, at: int) -> int:
        """The bot answers and claims to have solved it; when the chat was over."""
        chat = self.chat(at, self.dice.whole(1, 3))
        if self.dice.chance(0.4):
            chat.customer_says(chat.last + self.dice.whole(20, 120))
            return chat.bot_closes(chat.last + self.dice.whole(5, 20), "confirmed_resolution")
        return chat.bot_closes(chat.last + self.dice.whole(5, 10) * MINUTE, "assumed_resolution")

    def bot_routes(self, at: int, team: str = "Web Chat") -> tuple[Chat, Agent]:
        """The bot gives up; an agent of the team takes over."""
        chat = self.chat(at, self.dice.whole(1, 2))
        chat.bot_routes(chat.last + self.dice.whole(20, 90), team)
        return chat, self.take(chat, 4)

    def take(self, chat: Chat, minutes: float) -> Agent:
        """An agent of the team that the chat is with takes it and writes; some talk follows."""
        at = TEAMS[chat.team].hours.after(chat.last, self.dice.around(minutes, 0.5) * MINUTE)
        agent = self.world.staff.anyone(chat.team, self.dice)
        chat.take(at, agent)
        chat.says(chat.last + self.dice.whole(20, 90), agent)
        if self.dice.chance(0.7):
            chat.customer_says(chat.last + self.dice.whole(30, 240))
            chat.says(chat.last + self.dice.whole(30, 240), agent)
        return agent

    def pass_chat(self, chat: Chat, agent: Agent, team: str, minutes: float) -> Agent:
        """The agent hands the chat to another team, where somebody takes it."""
        if self.dice.chance(0.5):
            chat.note(chat.last + self.dice.whole(30, 180), agent)
        chat.move(chat.last + self.dice.whole(20, 200), agent, team)
        return self.take(chat, minutes)

    def close_chat(self, chat: Chat, agent: Agent) -> int:
        """The agent closes; some customers rate."""
        done = chat.close(chat.last + self.dice.whole(60, 600), agent)
        if self.dice.chance(0.25):
            chat.rating = (done + self.dice.whole(60, 4000), self.dice.whole(2, 5))
        return done

    # calls

    def call(self, at: int, team: str = "Customer Care", known: bool = True, **attributes: str) -> Leg:
        """A call that gets through; a few hang up in the queue first and call again."""
        intent = None if attributes and self.dice.chance(0.3) else self.intent  # known from the ticket already
        if self.dice.chance(0.05) and known:
            lost = self.world.connect.abandon(self.dice, self.customer, at, team, intent)
            self.touched.append(lost)
            at = TEAMS[team].hours.after(lost.last, self.dice.between(2, 20) * MINUTE)
        leg = self.world.connect.call(
            self.dice, self.customer, at, team, intent, self.dice.around(240, 0.5), None, known, attributes
        )
        self.touched.append(leg)
        return leg

    def transfer(self, leg: Leg, team: str) -> Leg:
        """The agent passes the caller on."""
        child = self.world.connect.transfer(self.dice, leg, team, self.dice.around(300, 0.4))
        self.touched.append(child)
        return child

    def call_with_ticket(self, at: int, team: str) -> tuple[Ticket, Agent]:
        """A call in which the agent opens a ticket; the ticket's id is on the call."""
        leg = self.call(at, team, ticketId="")
        assert leg.agent is not None and leg.answered_at is not None
        ticket = self.ticket(leg.ended_at - self.dice.whole(5, 60), team, leg.agent)
        leg.attributes["ticketId"] = str(ticket.id)
        return ticket, leg.agent

    def later(self, since: int, low_days: float, high_days: float) -> int:
        """A moment that many days later in which the hotline is open."""
        hours = TEAMS["Customer Care"].hours
        at = since + int(self.dice.between(low_days, high_days) * DAY)
        return at if hours.left(at) > 45 * MINUTE else hours.after(at, self.dice.between(10, 240) * MINUTE)
