"""Who has which matter when: routes are dealt to customers so that two matters never touch."""

from __future__ import annotations

from dataclasses import dataclass, field

from .case import Case, World
from .clock import BACK_OFFICE, DAY, END, HOUR, START, arrival
from .dice import Dice
from .orders import Order
from .people import Customer
from .routes import QUIET_LOST, QUIET_ORDERS, ROUTES, Route, bot, chat
from .visitors import BUSY, CALLERS, CHATTERS, Visitors, visit

CUSTOMERS = 1500
APART = 9 * DAY  # more than the window of seven days in which contacts are joined
SEVERAL = 30  # customers with two matters within two days, of different intents and no order
_WEEK = (1.2, 1.05, 1.0, 1.0, 0.95, 0.6, 0.4)


@dataclass
class Matter:
    """What was planned: the route (None: an order nobody asks about), the case and the order."""

    route: Route | None
    case: Case | None
    order: Order | None
    customer: Customer


@dataclass
class Calendar:
    """Which days of which customer are taken."""

    customers: list[Customer]
    taken: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def free(self, dice: Dice, begin: int, end: int) -> Customer:
        """A customer without a matter between two moments, with room around; the days are theirs now."""
        for _ in range(20_000):
            customer = dice.pick(self.customers)
            spans = self.taken.setdefault(customer.number, [])
            if all(end + APART <= first or begin >= last + APART for first, last in spans):
                spans.append((begin, end))
                return customer
        raise ValueError("every customer is busy: fewer matters or more customers")


def build() -> tuple[World, list[Matter], Visitors]:
    """The retailer's three months, cut at the export."""
    world = World()
    everybody = [Customer(10_001 + n) for n in range(CUSTOMERS)]
    special = CALLERS + CHATTERS + BUSY
    visitors = visit(world, everybody[:special])
    calendar, dice = Calendar(everybody[special:]), Dice("plan")
    jobs: list[tuple[Route | None, bool]] = [(None, n < QUIET_ORDERS * QUIET_LOST) for n in range(QUIET_ORDERS)]
    for route in ROUTES:
        jobs += [(route, n < round(route.count * route.lost)) for n in range(route.count)]
    # Who takes most days chooses first; among equals chance decides.
    jobs = sorted(dice.shuffled(jobs), key=lambda job: -(job[0].days if job[0] else 0))
    matters = [_matter(world, calendar, number, route, lost) for number, (route, lost) in enumerate(jobs)]
    matters += [m for n in range(SEVERAL) for m in _two_at_once(world, calendar, n)]
    world.zendesk.cut()
    world.connect.cut()
    world.intercom.cut()
    return world, [m for m in matters if m.case is None or _begun(m)], visitors


def _begun(matter: Matter) -> bool:
    assert matter.case is not None
    first = matter.case.touched[0]
    return (first.at if not hasattr(first, "audits") else first.audits[0].at if first.audits else END) < END


def _matter(world: World, calendar: Calendar, number: int, route: Route | None, lost: bool) -> Matter:
    dice = Dice("matter", number)
    begin = arrival(dice, START, END - 2 * DAY)
    order: Order | None = None
    if route is None:
        customer = calendar.free(dice, begin, begin + 14 * DAY)
        order = world.shop.place(dice, customer, begin)
        world.shop.settle(dice, order, lost, dice.chance(0.3), 0, begin)
        return Matter(None, None, order, customer)
    customer = calendar.free(dice, begin, begin + route.days * DAY)
    case = Case(world, dice, customer, route.intent)
    if route.moment in ("alone", "before"):
        done = route.go(case, arrival(dice, begin, begin + 4 * DAY, route.hours, route.weekdays or _WEEK))
        if route.moment == "before" and dice.chance(0.7):
            order = world.shop.place(dice, customer, done + int(dice.between(0.2, 60) * HOUR))
            world.shop.settle(dice, order, lost, dice.chance(0.3), 0, case.last)
        return _checked(Matter(route, case, order, customer), begin)
    order = world.shop.place(dice, customer, begin)
    assert order.delivered is not None
    low = begin + DAY if route.moment == "transit" else order.delivered + 2 * HOUR
    done = route.go(case, arrival(dice, low, begin + int(6.8 * DAY), route.hours, route.weekdays or _WEEK))
    in_transit = route.moment == "transit"
    slow = 84 * HOUR if route.name == "three silos" else 0
    world.shop.settle(dice, order, lost, in_transit and dice.chance(0.8), in_transit * (done + slow), case.last)
    return _checked(Matter(route, case, order, customer), begin)


def _checked(matter: Matter, begin: int) -> Matter:
    assert matter.route is not None and matter.case is not None
    last = max(matter.case.last, matter.order.final if matter.order else 0)
    if last > begin + matter.route.days * DAY:
        raise ValueError(f"{matter.route.name} ({matter.route.intent}) took {(last - begin) / DAY:.1f} days")
    return matter


def _two_at_once(world: World, calendar: Calendar, number: int) -> list[Matter]:
    """Two questions of different intents within two days: two journeys, not one."""
    dice = Dice("two at once", number)
    begin = arrival(dice, START, END - 6 * DAY, BACK_OFFICE)
    customer = calendar.free(dice, begin, begin + 6 * DAY)
    first, second = Case(world, dice, customer, "account"), Case(world, dice, customer, "product")
    one, two = (
        Route("one of two", i, 1, 0.0, "alone", go) for i, go in (("account", chat("Account Help")), ("product", bot))
    )
    done = one.go(first, begin)
    two.go(second, arrival(dice, done + HOUR, done + 2 * DAY))
    return [Matter(one, first, None, customer), Matter(two, second, None, customer)]
