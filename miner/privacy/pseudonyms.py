"""Pseudonyms: HMAC-SHA-256 over the normalised value, `c_` or `a_` and 16 hexadecimal digits."""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable

from miner.privacy.keys import Keys

_SHAPE = re.compile(r"[ca]_[0-9a-f]{16}")


def is_pseudonym(text: str) -> bool:
    """Whether a text has the shape of a pseudonym."""
    return _SHAPE.fullmatch(text) is not None


def normal(value: str) -> str:
    """A value as it goes into a pseudonym: one form of Unicode, single spaces; addresses in lower case."""
    text = " ".join(unicodedata.normalize("NFKC", value).split())
    return text.lower() if "@" in text else text


class Pseudonyms:
    """Names for people that only the holder of the keys can find again."""

    def __init__(self, keys: Keys):
        self._keys = keys

    def customer(self, value: str) -> str:
        """The pseudonym of a customer's key."""
        return "c_" + self._digest(self._keys.customers, value)

    def agent(self, value: str) -> str:
        """The pseudonym of an agent's name or id; upper and lower case are one."""
        return "a_" + self._digest(self._keys.agents, value.casefold())

    def customers(self, values: Iterable[str]) -> list[str]:
        """The pseudonyms of many customers, in order."""
        return [self.customer(value) for value in values]

    def agents(self, values: Iterable[str]) -> list[str]:
        """The pseudonyms of many agents, in order."""
        return [self.agent(value) for value in values]

    @staticmethod
    def _digest(key: bytes, value: str) -> str:
        return hmac.digest(key, normal(value).encode("utf-8", "surrogatepass"), "sha256")[:8].hex()
