"""Who is there: teams with their silos and hours, the people in them, the customers."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field

from .clock import BACK_OFFICE, OFFICE, Hours
from .dice import Dice

BOT = "Fin"


@dataclass(frozen=True)
class Team:
    """A team under the one name that it has in all systems."""

    name: str
    silo: str
    hours: Hours
    size: int
    group_id: int | None = None  # in Zendesk
    team_id: int | None = None  # in Intercom


TEAMS = {
    team.name: team
    for team in (
        Team("Customer Care", "Service", OFFICE, 9, group_id=360001),
        Team("Complaints", "Service", BACK_OFFICE, 3, group_id=360002),
        Team("Sales Advice", "Sales", OFFICE, 5, group_id=360003, team_id=5017603),
        Team("Order Desk", "Sales", BACK_OFFICE, 4, group_id=360004, team_id=5017604),
        Team("Delivery Desk", "Logistics", BACK_OFFICE, 4, group_id=360005),
        Team("Warehouse", "Logistics", BACK_OFFICE, 3, group_id=360006, team_id=5017606),
        Team("Returns", "Logistics", BACK_OFFICE, 4, group_id=360007),
        Team("Billing", "Finance", BACK_OFFICE, 5, group_id=360008),
        Team("Account Help", "Digital", BACK_OFFICE, 3, group_id=360009, team_id=5017609),
        Team("Web Chat", "Digital", OFFICE, 6, team_id=5017610),
    )
}
SILOS = {name: team.silo for name, team in TEAMS.items()} | {BOT: "Digital"}

_NAMES = (
    "Aylin Bela Carla Deniz Edda Finn Greta Hanno Ida Jonas Kaya Lars Mila Nils Oda Paul Quirin Rosa Sven Tilda "
    "Udo Vera Wim Xenia Yusuf Zoe Anton Birte Cem Dora Emil Frida Gero Hilde Ivo Jule Kolja Lene Marek Nora Ole "
    "Pia Ralf Selma Timo Ulla"
).split()

_GIVEN = (
    "Adela Bodo Clara Detlef Elif Falk Gerda Harun Irma Jasper Klara Leif Marit Nuri Orla Peer Ria Sami Thea Ugo"
).split()
_FAMILY = (
    "Ahl Bren Cor Dorn Esch Fal Gren Hal Ilm Jor Kalt Lind Mohr Nord Ost Pahl Quast Rein Stein Tann Ulm Volk"
).split()
_ENDINGS = ("er", "mann", "ke", "ing", "au", "sen", "berg", "hof", "wald", "bach", "feld", "dorf", "stedt")


@dataclass(frozen=True)
class Agent:
    """A person who works in one team."""

    number: int
    name: str
    team: str

    @property
    def user_id(self) -> int:
        """Their user id in Zendesk."""
        return 7000 + self.number

    @property
    def admin_id(self) -> str:
        """Their admin id in Intercom."""
        return str(880 + self.number)


@dataclass(frozen=True)
class Customer:
    """A customer under the key that all systems share."""

    number: int

    @property
    def key(self) -> str:
        """The customer key, `K-10001`."""
        return f"K-{self.number}"

    @property
    def phone(self) -> str:
        """A number from the ranges that are kept free for fiction."""
        area = ("3023125", "22147100", "4066969", "6990009", "8999998")[self.number % 5]
        return f"+49{area}{self.number // 5 % 1000:03d}"

    @property
    def name(self) -> str:
        """A made-up name; a few people share one."""
        part = self.number * 7919
        return f"{_GIVEN[part % len(_GIVEN)]} {_FAMILY[part // 31 % len(_FAMILY)]}{_ENDINGS[part // 7 % len(_ENDINGS)]}"

    @property
    def email(self) -> str:
        """The address that they gave to the shop."""
        return f"{self.name.replace(' ', '.').lower()}.{self.number % 1000}@mail.example"

    @property
    def other_email(self) -> str:
        """Another address of theirs, which no system knows as theirs."""
        return f"{self.name.split()[0].lower()}{self.number % 97}{self.number % 89}@post.example"

    @property
    def user_id(self) -> int:
        """Their user id in Zendesk."""
        return 500_000 + self.number

    @property
    def contact_id(self) -> str:
        """Their contact id in Intercom."""
        return f"65f0{self.number * 2654435761 % 2**40:010x}{self.number:010x}"


@dataclass
class Staff:
    """Everybody who works here, and who is on the phone when."""

    agents: dict[str, list[Agent]] = field(default_factory=dict)
    _calls: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        number = 0
        for team in TEAMS.values():
            self.agents[team.name] = [Agent(number + i, _NAMES[number + i], team.name) for i in range(team.size)]
            number += team.size

    def anyone(self, team: str, dice: Dice) -> Agent:
        """Somebody of the team."""
        return dice.pick(self.agents[team])

    def free(self, team: str, moment: int, seconds: int, dice: Dice) -> tuple[Agent, int]:
        """Who of the team can talk that long, and from when on: one call at a time each."""
        while True:
            for agent in dice.shuffled(self.agents[team]):
                calls = self._calls.setdefault(agent.number, [])
                if all(end <= moment or begin >= moment + seconds for begin, end in calls):
                    insort(calls, (moment, moment + seconds))
                    return agent, moment
            moment += 15
