"""Which channels of an Asterisk server are people's, and which are trunks.

A trunk is no person. Outside numbers come and go through it, whatever it is called; so all rows are looked at before
the first call is read. Only where no row shows what an endpoint is, its name says it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from miner.events.values import id_of, phone_key
from miner.readers.calls.asterisk_rows import CdrRow

_CHANNEL = re.compile(r"([A-Za-z0-9_]+)/(.+?)(?:-[0-9a-fA-F]{1,16})?(?:;[12])?")
_LOCAL = re.compile(r"(.+?)@.*")
_EXTENSION = re.compile(r"\d{2,6}", re.ASCII)
_LINES = ("DAHDI", "ZAP", "LCR", "CAPI", "MISDN", "KHOMP", "DONGLE", "OOH323", "H323", "VISDN")  # cards and gateways
_TRUNKS = re.compile(r"trunk|gateway|(?:^|[-_])gw|provider|pstn|isdn|carrier|(?:\d{1,3}\.){3}\d", re.IGNORECASE)
_SEVERAL = 3


class Channels:
    """What is known of the endpoints of a server's channels: which of them are trunks."""

    def __init__(self) -> None:
        self._carries: Counter[str] = Counter()  # endpoint -> rows in which it carried an outside number
        self._speaks: Counter[str] = Counter()  # endpoint -> rows in which it called or was called by its own number
        self._callers: defaultdict[str, set[str]] = defaultdict(set)  # endpoint -> outside numbers it called under

    def learn(self, row: CdrRow) -> None:
        """An endpoint over which outside numbers call in, or are called from an extension, is a trunk.

        An extension may call somebody outside under an outside number too, but hardly under several.
        """
        here, there = endpoint_of(row["channel"]), endpoint_of(row["dstchannel"])
        src, dst = id_of(row["src"]), id_of(row["dst"])
        if here and src and is_outside(src):
            if len(self._callers[here]) < _SEVERAL:
                self._callers[here].add(src)
            if not (_is_extension(here) and is_outside(dst)) or len(self._callers[here]) == _SEVERAL:
                self._carries[here] += 1
        if there and is_outside(dst) and _is_person_number(src):
            self._carries[there] += 1
        self._speaks.update(
            one
            for one, number in ((here, src), (there, dst))
            if one and _is_extension(one) and one.partition("/")[2] == number
        )

    def person(self, channel: str | None) -> str | None:
        """The endpoint of a channel where it is a person's, without the number of the channel; None for a trunk."""
        endpoint = endpoint_of(channel)
        if endpoint is None or self._carries[endpoint] > self._speaks[endpoint]:
            return None
        kind, _, name = endpoint.partition("/")
        if kind.upper() in _LINES or kind.upper() == "LOCAL" or _TRUNKS.search(name) or is_outside(name):
            return None
        return endpoint


def endpoint_of(channel: str | None) -> str | None:
    """PJSIP/2001 of PJSIP/2001-0000001a."""
    match = _CHANNEL.fullmatch(channel or "")
    return f"{match.group(1)}/{match.group(2)}" if match else None


def local_extension(channel: str | None) -> str | None:
    """The extension that a Local channel stands for; None for other channels."""
    if (channel or "").partition("/")[0].upper() != "LOCAL":
        return None
    match = _LOCAL.fullmatch((endpoint_of(channel) or "").partition("/")[2])
    return match.group(1) if match and _EXTENSION.fullmatch(match.group(1)) else None


def _is_extension(endpoint: str) -> bool:
    kind, _, name = endpoint.partition("/")
    return kind.upper() not in _LINES and _EXTENSION.fullmatch(name) is not None


def _is_person_number(number: object) -> bool:
    return _EXTENSION.fullmatch(id_of(number) or "") is not None


def is_outside(number: object) -> bool:
    """A number of seven digits or more; extensions are shorter."""
    key = phone_key(number)
    return key is not None and len(key.lstrip("+")) >= 7
