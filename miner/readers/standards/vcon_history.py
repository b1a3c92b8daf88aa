"""When each party of a recording was there and when it was on hold, from its unsorted party history."""

from __future__ import annotations

from collections.abc import Callable

from miner.readers.standards.vcon_parts import Dialog

Clock = Callable[[str | None], int | None]
Stay = tuple[int, int, int]


def presence(dialog: Dialog, start: int | None, end: int | None, clock: Clock) -> list[Stay]:
    """Every stay of a party: who, from when, until when (µs), in order.

    Who never joins was there from the start, who does not drop stays until the end; without a history all parties
    of the dialog were there all the time. The end is the recording's, or the latest moment that is known.
    """
    moments = _moments(dialog, clock)
    known = [at for at in (start, end, *(at for at, _, _ in moments)) if at is not None]
    if not known:
        return []
    first, last = start if start is not None else min(known), max(known)
    if start is not None and end is not None and end > start:
        last = end
    joins = {party for _, party, event in moments if event == "join"}
    parties = dict.fromkeys([*dialog["parties"], *(party for _, party, _ in moments)])
    there = {party: first for party in parties if party not in joins}
    stays: list[Stay] = []
    for at, party, event in moments:
        if event == "join":
            there.setdefault(party, at)
        elif event == "drop" and party in there:
            begin = there.pop(party)
            stays.append((party, begin, max(begin, at)))
    stays += [(party, begin, max(begin, last)) for party, begin in there.items()]
    return sorted(stays, key=lambda stay: (stay[1], stay[2]))


def holds(dialog: Dialog, start: int | None, end: int | None, clock: Clock) -> list[Stay]:
    """Each hold: the party that was put on hold, from when, until when (µs).

    A hold without its end lasts until the party drops, else to the end of the dialog.
    """
    stays: list[Stay] = []
    open_: dict[int, int] = {}
    moments = _moments(dialog, clock)
    for at, party, event in moments:
        if event == "hold":
            open_.setdefault(party, at)
        elif event in ("unhold", "drop") and party in open_:
            stays.append((party, open_.pop(party), at))
    last = max([at for at, _, _ in moments] + [at for at in (start, end) if at is not None], default=0)
    stays += [(party, begin, max(begin, last)) for party, begin in open_.items()]
    return sorted(stays, key=lambda hold: hold[1])


def together(talking: list[Stay], first: int | None) -> Stay:
    """One conversation of parties whose roles nobody knows, under the name of who began it."""
    there = [number for number, _, _ in talking]
    begin, until = min(begin for _, begin, _ in talking), max(until for _, _, until in talking)
    return (first if first is not None and first in there else there[0], begin, until)


def holder(talking: list[Stay], at: int) -> int | None:
    """Who was talking when the customer was put on hold."""
    there = [number for number, begin, until in talking if begin <= at <= until]
    return there[0] if there else talking[0][0] if talking else None


def _moments(dialog: Dialog, clock: Clock) -> list[tuple[int, int, str]]:
    """The history in order of time; at one moment what ends comes before what begins."""
    rank = {"unhold": 0, "drop": 1, "join": 2, "hold": 3}
    moments = [
        (at, each["party"], each["event"])
        for each in dialog["history"]
        if each["party"] is not None and each["event"] in rank and (at := clock(each["time"])) is not None
    ]
    return sorted(moments, key=lambda moment: (moment[0], rank[moment[2]]))
