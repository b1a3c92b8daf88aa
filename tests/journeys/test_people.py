"""Who is one customer: keys in one form, shared ones, likeness."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.people import contacts, score
from miner.journeys.keys import Profile, Reading, address_of, international, name_of
from miner.journeys.names import conflict, distance
from miner.journeys.people import by_keys, joined
from miner.journeys.similar import likely


@pytest.mark.parametrize(
    ("value", "region", "expected"),
    [
        ("+49 (0)30 123456", None, "+4930123456"),
        ("0049 30 123456", None, "+4930123456"),
        ("030 123456", "DE", "+4930123456"),
        ("030 123456", None, "030123456"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("anonymous", "DE", None),
        ("4711", "DE", None),
        ("266696687", None, None),
    ],
)
def test_numbers_have_one_form(value: str, region: str | None, expected: str | None) -> None:
    """A national number is completed by the region; withheld ones, extensions and words on keypads are none."""
    assert international(value, region) == expected


def test_nobodys_keys_are_none() -> None:
    """No-reply and role addresses and what is on the deny list join nobody; patterns count."""
    reading = Reading("DE", ("+4930123456", "*@own.example", "K-0"))
    assert [reading.email(v) for v in ("noreply@x.example", "Info@x.example", "a@own.example", "A@x.example")] == [
        None, None, None, "a@x.example"]  # fmt: skip
    assert reading.phone("030/123456") is None and reading.phone("030/123457") == "+4930123457"
    assert reading.key("K-0")[1] is None and reading.key("K-1") == ("id", "K-1")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Dr. Eva Müller-Braun", ("eva", "braun")),
        ("Braun, Eva", ("eva", "braun")),
        ("E. Braun", ("e", "braun")),
        ("Braun", (None, "braun")),
        ("guest", (None, None)),
        ("WIRELESS CALLER", (None, None)),
        ("user 17", (None, None)),
        ("", (None, None)),
    ],
)
def test_names_have_one_form(value: str, expected: tuple[str | None, str | None]) -> None:
    """First and last name in plain letters; what names nobody is none."""
    assert name_of(value) == expected


def test_streets_have_one_form() -> None:
    """Straße, Strasse and str. are one."""
    forms = ("Hauptstraße 5", "Hauptstrasse 5", "HAUPTSTRASSE  5")
    assert {address_of({"address": form}) for form in forms} == {"hauptstr 5"}


@pytest.mark.parametrize(
    ("a", "b", "differ"),
    [("anna", "ana", False), ("anna", "anan", False), ("a", "anna", False), ("anna", "peter", True),
     (None, "anna", False), ("jo", "joanna", False), ("karin", "katja", True)],
)  # fmt: skip
def test_first_names_that_cannot_be_one_persons(a: str | None, b: str | None, differ: bool) -> None:
    """Typing errors, initials and short forms can be the same person's; other names can't."""
    assert conflict(a, b) is differ and conflict(b, a) is differ


def test_distance_counts_a_swap_as_one() -> None:
    """Changed, left out, put in and swapped letters count one each."""
    assert [distance("anna", other) for other in ("anna", "nana", "ann", "annab", "onna", "")] == [0, 1, 1, 1, 1, 4]


def people(*profiles: Profile, counts: list[int] | None = None, **more: Any) -> list[int]:
    """The person of each profile, by keys and the pairs given."""
    by = by_keys(profiles, counts or [1] * len(profiles))
    return joined(profiles, by, **more).person


def test_the_same_key_joins_over_others() -> None:
    """A number here, an address there, both in a third contact: one person."""
    phone, mail = Profile(phone="+4930123456"), Profile(email="a@x.example")
    assert people(phone, mail, Profile(phone="+4930123456", email="a@x.example")) == [0, 0, 0]
    assert people(phone, mail) == [0, 1]


def test_a_household_s_number_joins_only_those_of_one_name() -> None:
    """Two first names, or two ids of one system, behind one number are two people; who says nothing stays apart."""
    number = "+4930123456"
    anna, peter, ana = (Profile(phone=number, given=given, family="braun") for given in ("anna", "peter", "ana"))
    assert people(anna, peter, ana, Profile(phone=number)) == [0, 1, 0, 3]
    assert people(Profile(("K-1",), number), Profile(("K-2",), number), Profile(phone=number)) == [0, 1, 2]
    assert people(Profile(("K-1",), number), Profile(("zendesk:5",), number), Profile(phone=number)) == [0, 0, 0]


def test_what_very_many_share_is_no_key() -> None:
    """A switchboard joins nobody: by many people behind it, or by many contacts that nothing else backs."""
    number = "+4930123456"
    many = [Profile(phone=number, given=name, family="x", email=f"{name}@x.example")
            for name in ("anna", "peter", "ursula", "klaus", "ingrid")]  # fmt: skip
    by = by_keys(many, [1] * 5)
    assert ("phone", number) in by.crowded and len(set(joined(many, by).person)) == 5
    alone = [Profile(phone=number), Profile(phone=number, postcode="1")]
    busy = by_keys([*alone, Profile(("K-1",), "+49301")], [60, 10, 1])
    assert ("phone", number) in busy.crowded
    assert joined(alone, by_keys(alone, [60, 10])).names == [None, None]
    backed = [Profile(("K-1",), number), Profile(phone=number)]
    assert not by_keys(backed, [60, 10]).crowded


def test_likely_pairs_never_join_two_first_names() -> None:
    """The surest pair comes first; a group that got a first name takes no other; below the least nothing joins."""
    anna, nobody, peter = Profile(given="anna"), Profile(address="hauptstr 5"), Profile(given="peter")
    assert people(anna, nobody, peter, pairs=[(0, 1, 0.8), (1, 2, 0.95)]) == [0, 1, 1]
    assert people(anna, nobody, peter, pairs=[(0, 1, 0.8), (1, 2, 0.95)], least=0.96) == [0, 1, 2]
    by = by_keys([anna, nobody], [1, 1])
    found = joined([anna, nobody], by, [(0, 1, 0.8)])
    assert found.probability == [0.8, 0.8]


def read(made: list[Any]) -> tuple[list[Profile], list[int]]:
    """The profiles of contacts, and the profile of each contact; who has no key stands alone."""
    reading, numbers, profiles, places = Reading("DE"), {}, [], []  # type: ignore[var-annotated]
    for contact in made:
        profile = reading.profile(None, json.dumps(contact.said))
        at = numbers.setdefault(profile, len(profiles)) if profile.known_by() else len(profiles)
        if at == len(profiles):
            profiles.append(profile)
        places.append(at)
    return profiles, places


def test_made_up_contacts_are_found_again() -> None:
    """On contacts with known truth: precision at 0.9 is high, likeness finds more than keys, 0.5 more than 0.9."""
    made = contacts(3_000)
    profiles, places = read(made)
    by = by_keys(profiles, [places.count(i) for i in range(len(profiles))])
    group = [by.groups.root(i) for i in range(len(profiles))]
    pairs = likely(profiles, group, 0.5)
    assert pairs == likely(profiles, group, 0.5), "the same records give the same pairs"
    truth, usable = [c.person for c in made], [set(profiles[i].known_by()) for i in places]

    def found(least: float, given: list[Any]) -> Any:
        person = joined(profiles, by, given, least).person
        return score(truth, [person[i] for i in places], usable)

    keys, sure, half = found(1.0, []), found(0.9, pairs), found(0.5, pairs)
    assert sure.precision > 0.98 and keys.precision > 0.98 and half.precision > 0.93
    assert keys.recall < sure.recall < half.recall and sure.recall_usable > 0.93
