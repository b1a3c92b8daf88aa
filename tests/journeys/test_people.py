"""Who is one customer: keys in one form, shared ones, likeness."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.identity import keys_of, read, score
from benchmarks.people import HARD, REAL, Rates, contacts
from miner.journeys.keys import Profile, Reading, address_of, international, name_of
from miner.journeys.names import conflict, distance
from miner.journeys.people import MOST_PEOPLE, by_keys, joined
from miner.journeys.sets import DisjointSets


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
        ("491701112223", "DE", "+491701112223"),
        ("442079460958", "GB", "+442079460958"),
        ("393123456789", "FR", "+393123456789"),
        ("3123456789", "IT", "+393123456789"),
        ("+49 0 170 1112223", "DE", "+491701112223"),
        ("030 1234567 ext. 5", "DE", "+49301234567"),
        ("\u202d+49–170–1112223\u202c", None, "+491701112223"),
        ("+４９１７０１１１２２２３", None, "+491701112223"),
        ("1111111111", "DE", None),
        ("0123456789", "DE", None),
        ("+49 9999999999", "DE", None),
        ("9876543210", "US", None),
        ("+49 30 9999999", "DE", "+49309999999"),
        ("+1 212 345 6789", "US", "+12123456789"),
    ],
)
def test_numbers_have_one_form(value: str, region: str | None, expected: str | None) -> None:
    """A national number is completed by the region; withheld ones, extensions and words on keypads are none."""
    assert international(value, region) == expected


def test_nobodys_keys_are_none() -> None:
    """No-reply and role addresses and what is on the deny list join nobody; patterns count."""
    reading = Reading("DE", ("+4930123456", "*@own.example", "K-0"))
    assert [reading.email(v) for v in ("noreply@x.example", "Info@x.example", "a@own.example", "A@x.example")] == [
        None,
        None,
        None,
        "a@x.example",
    ]
    forms = ("Eva.Linde+shop@Post.example", "Eva Linde <eva.linde@post.example>", "mailto:eva.linde@post.example.")
    assert {reading.email(form) for form in forms} == {"eva.linde@post.example"}
    assert reading.email("e.v.a@googlemail.com") == reading.email("eva@gmail.com")
    nobody = ("no_reply", "donotreply", "noreply-17", "support+17", "test", "test1", "none", "no-email", "n.a")
    assert [reading.email(f"{user}@x.example") for user in nobody] == [None] * len(nobody)
    read = ("testa@x.example", "tess@x.example", "nonna@x.example", "ann@invalid-spring.example")
    assert [reading.email(address) for address in read] == list(read) and reading.email("ann@none.com") is None
    assert [reading.key(v)[1] for v in ("Unbekannt", "No Caller ID", "anonyme")] == [None] * 3
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
    [
        ("anna", "ana", False),
        ("anna", "anan", False),
        ("a", "anna", False),
        ("anna", "peter", True),
        (None, "anna", False),
        ("jo", "joanna", False),
        ("karin", "katja", True),
    ],
)
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


def test_sets_hold_however_they_grew() -> None:
    """Asking for the least number of a long chain does not take it apart."""
    groups = DisjointSets(6)
    groups.parent = [0, 0, 1, 2, 3, 4]
    assert [groups.root(i) for i in (5, 4, 3, 2, 1, 0, 5)] == [0] * 7


def test_two_names_are_not_joined_over_a_third_contact() -> None:
    """Who says no name, and has the number of one and the address of another, does not make them one."""
    anna, peter = Profile(phone="+4930123456", given="anna"), Profile(email="p@x.example", given="peter")
    both = Profile(phone="+4930123456", email="p@x.example")
    assert people(anna, both, peter) == [0, 1, 1]


def test_names_turned_round_are_the_same() -> None:
    """Anna Braun and Braun Anna behind one number are one; Anna Braun and Peter Anna are two."""
    number = "+4930123456"
    anna = Profile(phone=number, given="anna", family="braun")
    assert people(anna, Profile(phone=number, given="braun", family="ana")) == [0, 0]
    assert people(anna, Profile(phone=number, given="peter", family="anna")) == [0, 1]


def test_two_last_names_on_one_line_are_two_people() -> None:
    """Mr A and Mr B behind one number are two customers with a name each; Mr A and Dr. Eva A can be one."""
    a, b, eva = (
        Profile(phone="+4930123456", given=given, family=family)
        for given, family in map(name_of, ("Mr A", "Mr B", "Dr. Eva A"))
    )
    assert people(a, b) == [0, 1] and people(b, eva) == [0, 1]
    assert people(a, eva) == [0, 0] and people(a, a) == [0, 0]
    assert joined([a, b], by_keys([a, b], [1, 1])).names == ["+4930123456 a", "+4930123456 b"]


def test_a_single_word_belongs_to_the_one_person_whom_it_fits() -> None:
    """A first or last name alone joins who is called so; where several are, it joins nobody."""

    def called(*names: str) -> list[int]:
        said = map(name_of, names)
        return people(*(Profile(phone="+4930123456", given=given, family=family) for given, family in said))

    assert called("Eva", "Braun", "Eva Braun") == [0, 0, 0] and called("Brauns", "Eva Braun") == [0, 0]
    assert called("EvaBraun", "E. Braun") == [0, 0] and called("A", "Braun") == [0, 1]
    assert called("Mrs Braun", "Eva Braun", "Peter Braun") == [0, 1, 2]
    assert called("Peter", "Eva Braun") == [0, 1]


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
    many = [
        Profile(phone=number, given=name, family="x", email=f"{name}@x.example")
        for name in ("anna", "peter", "ursula", "klaus", "ingrid")
    ]
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


@pytest.mark.parametrize(("rates", "precise", "found"), [(REAL, 0.985, 0.92), (HARD, 0.965, 0.85)])
def test_made_up_contacts_are_found_again(rates: Rates, precise: float, found: float) -> None:
    """On contacts with known truth: precision at 0.9 is high, likeness finds more than keys, 0.5 more than 0.9."""
    made = contacts(3_000, 5, rates)
    known = read(made)
    truth, usable = [c.person for c in made], keys_of(made, known, MOST_PEOPLE)
    keys, sure, half = (score(truth, known.found(least), usable) for least in (1.1, 0.9, 0.5))
    assert keys.precision > precise and sure.precision > precise and half.precision > precise - 0.02
    assert keys.recall < sure.recall < half.recall and sure.recall_usable > found


def test_the_same_records_give_the_same_pairs() -> None:
    """Likeness is no matter of chance."""
    made = contacts(1_500, 5)
    assert read(made).pairs == read(made).pairs
