"""Who calls and chats most: software that asks for its owner, and people who are just busy."""

from __future__ import annotations

from dataclasses import dataclass

from .case import Case, World
from .clock import DAY, END, HOUR, OFFICE, SUN, arrival, local, utc
from .dice import Dice
from .people import Customer
from .routes import call, chat, ticket

VOICE_AGENT, CHAT_AGENT = "HausAssist/2.4 (voice agent)", "ShopPal/1.3 (agent for customer)"
CALLERS, CHATTERS, BUSY = 7, 7, 10
DECLARED = 3  # of each kind say in a user agent that they are software


@dataclass
class Visitors:
    """The keys of the software agents' owners, of those that declare it, and of busy people."""

    machines: list[str]
    declared: list[str]
    busy: list[str]


def visit(world: World, customers: list[Customer]) -> Visitors:
    """Let them all call and chat; each gets a customer of their own."""
    found = Visitors([], [], [])
    for number in range(CALLERS + CHATTERS):
        customer, kind = customers[number], number % 2
        says = number // 2 < DECLARED
        found.machines.append(customer.key)
        if says:
            found.declared.append(customer.key)
        dice = Dice("machine", number)
        order = world.shop.place(dice, customer, utc(dice.whole(0, 55), dice.between(9, 20) * HOUR))
        last = (_calls if kind else _chats)(world, dice, customer, order.shipped, says)
        world.shop.settle(dice, order, False, False, 0, last)
    for number in range(BUSY):
        customer = customers[CALLERS + CHATTERS + number]
        found.busy.append(customer.key)
        _busy(world, customer, Dice("busy", number))
    return found


def _calls(world: World, dice: Dice, customer: Customer, since: int, says: bool) -> int:
    """Every four hours to the second while the hotline is open, the same question, the same length."""
    second, talk, text = dice.between(8.1, 9) * HOUR, dice.whole(38, 52), dice.code(6)
    more = {"userAgent": VOICE_AGENT} if says else {}
    last = since
    for day in range(local(since)[0] + 1, local(since)[0] + 13):
        for turn in range(3):
            at = utc(day, int(second) + turn * 4 * HOUR)
            if day % 7 != SUN and OFFICE.left(at) > 45 * 60:
                leg = world.connect.call(
                    dice,
                    customer,
                    at,
                    "Customer Care",
                    "delivery",
                    talk + dice.whole(-1, 1),
                    attributes={"openingText": text, **more},
                )
                last = leg.last
    return last


def _chats(world: World, dice: Dice, customer: Customer, since: int, says: bool) -> int:
    """Every six hours by day and night; the first words never change, and no person ever answers."""
    text, last = dice.code(6), since
    for turn in range(dice.whole(24, 30)):
        at = since + 6 * HOUR * (turn + 1) + dice.whole(0, 2)
        talk = world.intercom.open(customer, at, "delivery", text, CHAT_AGENT if says else None)
        talk.bot_says(at + dice.whole(4, 6))
        last = talk.bot_closes(talk.last + 300, "abandoned")
    return last


def _busy(world: World, customer: Customer, dice: Dice) -> None:
    """A person with many matters: by day, irregular, in other words each time."""
    at = utc(dice.whole(0, 8), 0)
    for _ in range(dice.whole(9, 14)):
        at = arrival(dice, at + DAY, at + int(dice.between(4, 10) * DAY), OFFICE)
        if at >= END:
            break
        intent = dice.pick(("product", "account", "delivery"))
        way = dice.pick((chat("Web Chat"), call("Customer Care"), ticket("Customer Care")))
        way(Case(world, dice, customer, intent), at)
