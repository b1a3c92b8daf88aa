"""What tells who it was, in one form each: numbers, addresses, ids and names that can be compared.

What stands for nobody, or for many, is no key: withheld and service numbers, no-reply and role addresses,
and what the user names as their own (`--deny`).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from miner.events.values import customer_key, email_key, id_of, phone_key, plain_number

# User parts of addresses that a whole company reads.
ROLES = frozenset(
    "admin billing contact einkauf info kontakt mail office orders post postmaster sales service support team "
    "webmaster".split()
)
_TITLES = frozenset("mr mrs ms miss dr prof herr frau mme mlle sir madam mx dhr mevr sr sra".split())
_NO_NAMES = frozenset(
    (
        "visitor",
        "unknown",
        "anonymous",
        "guest",
        "customer",
        "user",
        "caller",
        "wireless caller",
        "web visitor",
        "no name",
        "test",
    )
)
_PLAIN = re.compile(r"[A-Za-z]+[-_]?\d+", re.ASCII)
_PREFIX = re.compile(r"([a-z_]+):", re.ASCII)


@dataclass(frozen=True, slots=True)
class Profile:
    """What one or more interactions say of who it was; equal profiles are one."""

    ids: tuple[str, ...] = ()
    phone: str | None = None
    email: str | None = None
    device: str | None = None
    given: str | None = None
    family: str | None = None
    address: str | None = None
    postcode: str | None = None

    @property
    def named(self) -> bool:
        """Whether a first and a last name are known."""
        return self.given is not None and self.family is not None

    def known_by(self) -> list[tuple[str, str]]:
        """The keys that may join it to others: kind and value."""
        found = [("id", value) for value in self.ids]
        more = (("phone", self.phone), ("email", self.email), ("device", self.device))
        return found + [(kind, value) for kind, value in more if value]


class Reading:
    """Raw identity values into profiles, by the user's region and deny list."""

    def __init__(self, region: str | None = None, deny: Collection[str] = ()):
        self._region, self._deny = region, bool(deny)
        self._denied = {self._same(value) for value in deny if "*" not in value}
        self._patterns = [value.lower() for value in deny if "*" in value]
        self._phones: dict[str, str | None] = {}

    def profile(self, customer: str | None, identity: str | None, system: str | None = None) -> Profile:
        """The profile of a declared customer key and the JSON of RAW_INTERACTIONS.identity.

        An id that is not the declared key is one of its system's own.
        """
        said: dict[str, Any] = {}
        if identity:
            try:
                said = json.loads(identity)
            except ValueError:
                said = {}
        said = said if isinstance(said, dict) else {}
        phone, email = self.phone(said.get("phone")), self.email(said.get("email"))
        ids = []
        own = id_of(said.get("id"))
        for value in (customer, own if own == customer or not system else own and f"{system}:{own}"):
            kind, key = self.key(own if value and value == f"{system}:{own}" and "@" in (own or "") else value)
            if kind == "phone":
                phone = phone or key
            elif kind == "email":
                email = email or key
            elif key and key not in ids:
                ids.append(key)
        given, family = name_of(said.get("name"))
        device = id_of(said.get("device"))
        return Profile(
            tuple(ids),
            phone,
            email,
            device and device.lower(),
            given,
            family,
            address_of(said),
            postcode_of(said.get("postcode")),
        )

    def key(self, value: object) -> tuple[str, str | None]:
        """The kind and normalised form of a customer key: phone, email or id; None where it stands for nobody."""
        if not self._deny and isinstance(value, str) and _PLAIN.fullmatch(value):
            return "id", value  # as most are; a log can have a million of them
        key = customer_key(value)
        if key is None:
            return "id", None
        if "@" in key:
            return "email", self.email(key)
        if key.startswith("+"):
            return "phone", self.phone(key)
        return "id", None if self._is_denied(key) else key

    def phone(self, value: object) -> str | None:
        """A number in international form where the region allows; None where it is withheld, denied or none."""
        text = id_of(value)
        if text is None:
            return None
        if text not in self._phones:
            found = international(text, self._region)
            self._phones[text] = None if found is None or self._is_denied(found) else found
        return self._phones[text]

    def email(self, value: object) -> str | None:
        """An address in lower case; None where it is none, denied, or read by many."""
        found = email_key(value)
        if found is None or self._is_denied(found):
            return None
        return None if found.split("@")[0] in ROLES else found

    def _is_denied(self, key: str) -> bool:
        return key in self._denied or any(fnmatchcase(key.lower(), pattern) for pattern in self._patterns)

    def _same(self, value: str) -> str:
        return email_key(value) or international(value, self._region) or value


def international(value: str, region: str | None) -> str | None:
    """A phone number as + and digits; a national one by the region, and as it is where none is given.

    Digits that are no number of the region, but one of the world with a + before them, have lost their +.
    """
    key = phone_key(value)
    if key is None or (key.startswith("+") and "0" not in key[2:5]):
        return key
    if key.startswith("+"):  # a 0 before the area code is not dialled from abroad
        return _e164(key, None, valid=True) or key
    if region is None:
        return key
    text = plain_number(value) or key
    abroad = _e164("+" + key, None, valid=True)
    if abroad and _has_lost_plus(key, region):
        return abroad
    return _e164(text, region, valid=True) or abroad or _e164(text, region, valid=False) or key


def _has_lost_plus(key: str, region: str) -> bool:
    """Whether a number begins with its own country's code, where national ones begin with a 0."""
    import phonenumbers

    trunk = phonenumbers.ndd_prefix_for_region(region, True)
    return trunk == "0" and key.startswith(str(phonenumbers.country_code_for_region(region)))


def _e164(text: str, region: str | None, valid: bool) -> str | None:
    """A number in international form, where it is a valid one, or one of a possible length."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not (phonenumbers.is_valid_number(number) if valid else phonenumbers.is_possible_number(number)):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def name_of(value: object) -> tuple[str | None, str | None]:
    """First and last name in plain letters; "Last, First" is turned round, titles go, an initial stays."""
    text = id_of(value)
    if text is None:
        return None, None
    if text.count(",") == 1:
        text = " ".join(reversed(text.split(",")))
    plain = plain_text(text)
    words = [w for w in plain.split() if w not in _TITLES]
    if not words or plain in _NO_NAMES or any(c.isdigit() or c == "@" for c in plain):
        return None, None
    return (words[0], words[-1]) if len(words) > 1 else (None, words[0])


def address_of(said: dict[str, Any]) -> str | None:
    """Street and number in plain letters, "strasse" shortened."""
    text = id_of(said.get("address"))
    if text is None:
        return None
    plain = re.sub(r"(strasse|straße|street)\b", "str", plain_text(text))
    return " ".join(plain.split()) or None


def postcode_of(value: object) -> str | None:
    """A postcode without spaces, in upper case."""
    text = id_of(value)
    return re.sub(r"[\s-]", "", text).upper() or None if text else None


def plain_text(text: str) -> str:
    """Lower case without accents and punctuation."""
    text = text.casefold().replace("ß", "ss")
    letters = unicodedata.normalize("NFKD", text)
    return " ".join(re.sub(r"[^\w@ ]", " ", "".join(c for c in letters if not unicodedata.combining(c))).split())


def namespace(key: str) -> str:
    """The system that an id belongs to, "" where it names none."""
    match = _PREFIX.match(key)
    return match.group(1) if match else ""
