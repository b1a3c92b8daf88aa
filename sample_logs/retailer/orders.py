"""The shop's order log: one row a step, and a final row with outcome and value."""

from __future__ import annotations

from dataclasses import dataclass, field

from .clock import DAY, END, FRI, HOUR, SUN, iso, local, utc
from .dice import Dice
from .people import Customer

HEADER = "order_id,customer_id,time,step,actor_type,outcome,value_eur,reason"
SETTLED = 7 * DAY  # after that time without a return an order counts as kept


@dataclass
class Order:
    """An order: when each step happened, and how it ended."""

    number: int
    customer: Customer
    placed: int
    value: float
    paid: int
    shipped: int
    delivered: int | None
    lost: bool = False
    reason: str = ""
    final: int = 0

    @property
    def id(self) -> str:
        """The order id, `O-20001`."""
        return f"O-{self.number}"

    @property
    def known(self) -> bool:
        """Whether the export knows how it ended."""
        return self.final < END


@dataclass
class Shop:
    """All orders of the retailer."""

    orders: list[Order] = field(default_factory=list)

    def place(self, dice: Dice, customer: Customer, at: int) -> Order:
        """A new order; shipped on the next working day and delivered one or two days later."""
        paid = at + (dice.whole(20, 600) if dice.chance(0.85) else int(dice.between(0.5, 1.4) * DAY))
        day = local(paid)[0] + (1 if local(paid)[2] > 12 * HOUR else 0)
        while day % 7 > FRI:
            day += 1
        shipped = max(utc(day, dice.between(13.5, 17) * HOUR), paid + HOUR)
        value = round(min(max(dice.around(89, 0.45), 19), 420), 2)
        delivered = _doorstep(dice, shipped + DAY // 2)
        order = Order(20_001 + len(self.orders), customer, at, value, paid, shipped, delivered)
        self.orders.append(order)
        return order

    def settle(self, dice: Dice, order: Order, lost: bool, cancelled: bool, done: int, last: int) -> None:
        """The order's end: after all contacts about it (`last`), and after it could still be sent back.

        `cancelled` says how a lost one is lost: before it came, or by a return. `done` is when what
        held up the delivery was out of the way (0 where nothing did).
        """
        order.lost = lost
        if lost and cancelled:
            order.delivered, order.reason = None, "cancelled"
            order.final = max(last, done, order.shipped) + int(dice.between(2, 20) * HOUR)
            return
        if done and order.delivered and order.delivered < done + 4 * HOUR:
            order.delivered = _doorstep(dice, done + int(dice.between(4, 26) * HOUR))
        assert order.delivered is not None
        order.reason = "returned" if lost else ""
        settled = order.delivered + (int(dice.between(3, 8) * DAY) if lost else SETTLED)
        order.final = max(settled, last + int(dice.between(2, 20) * HOUR))

    def write(self) -> tuple[str, int]:
        """The log in order of time, up to the export, and its number of rows."""
        rows = []
        for order in self.orders:
            head, value = f"{order.id},{order.customer.key}", f"{order.value:.2f}"
            rows.append((order.placed, f"{head},{{}},placed,customer,,{value},"))
            rows.append((order.paid, f"{head},{{}},paid,system,,,"))
            rows.append((order.shipped, f"{head},{{}},shipped,system,,,"))
            if order.delivered is not None:
                rows.append((order.delivered, f"{head},{{}},delivered,system,,,"))
            outcome = "lost" if order.lost else "completed"
            step = order.reason or "kept"
            rows.append((order.final, f"{head},{{}},{step},customer,{outcome},{value},{order.reason}"))
        rows = sorted(row for row in rows if row[0] < END)
        return "\n".join([HEADER, *(text.format(iso(at)) for at, text in rows)]) + "\n", len(rows)


def _doorstep(dice: Dice, earliest: int) -> int:
    """The next time the carrier rings: Monday to Saturday, 9 to 18 o'clock."""
    day, weekday, second = local(earliest)
    if second > 17 * HOUR:
        day, weekday, second = day + 1, (weekday + 1) % 7, 0
    if weekday == SUN:
        day, second = day + 1, 0
    return utc(day, dice.between(max(9 * HOUR, second), 18 * HOUR))
