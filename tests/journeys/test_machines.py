"""Who is software: by what is declared, by cadence and words together; nobody is forced."""

from __future__ import annotations

import random

import pytest

from miner.journeys.cadence import HOUR, SECOND, cadence
from miner.journeys.machines import Contact, is_software, kind_of
from tests.oracles import cadence as oracle


def made(starts: list[int], words: list[str | None] | None = None, fine: bool = True) -> list[Contact]:
    """Contacts of one customer at these moments, with these marks of first words."""
    words = words or [None] * len(starts)
    return [
        Contact("K", "s", "voice", str(i), at, None, None, word, fine)
        for i, (at, word) in enumerate(zip(starts, words, strict=True))
    ]


def every(hours: float, count: int, jitter_s: float = 0, seed: int = 1) -> list[int]:
    """Starts every so many hours, give or take."""
    dice = random.Random(seed)
    return [round(i * hours * HOUR + dice.uniform(-jitter_s, jitter_s) * SECOND) for i in range(count)]


@pytest.mark.parametrize(
    ("agent", "software"),
    [
        ("HausAssist/2.4 (voice agent)", True),
        ("python-requests/2.32", True),
        ("Mozilla/5.0 (X11; Linux) Chrome/120 Safari/537.36", False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", True),
        ("Mozilla/5.0 HeadlessChrome/120", True),
        ("MyShop iOS 3.2", False),
    ],
)
def test_user_agents(agent: str, software: bool) -> None:
    """A browser is a person's unless it says otherwise."""
    assert is_software(agent) is software


def kind(contacts: list[Contact]) -> str | None:
    """What is said of the contacts."""
    return kind_of(contacts)[0]


def by_hand(hours: float, count: int, seed: int, off: float = 1.0) -> list[int]:
    """Starts of a person every so many hours, off evenly by so many hours either way."""
    return every(hours, count, off * 3600, seed)


def test_cadence_and_words_together_make_a_machine() -> None:
    """Always the same words at a steady beat are a machine; either alone is not enough."""
    steady, loose = every(4, 12, 1), every(4, 12, 3000)
    assert kind(made(steady, ["a"] * 12)) == "machine"
    assert kind(made(loose, ["a"] * 12)) is None
    assert kind(made(steady, list("abcdefghijkl"))) is None
    assert kind(made(loose, list("abcdefghijkl"))) == "human"
    assert kind(made(steady[:5], ["a"] * 5)) is None


def test_a_very_steady_beat_is_enough_where_no_words_are_known() -> None:
    """Twelve contacts to the second need no words; eight do."""
    assert kind(made(every(6, 14))) == "machine"
    assert kind(made(every(6, 8))) is None


@pytest.mark.parametrize("jitter", [0.0, 0.0005, 0.002, 0.01, 0.02])
@pytest.mark.parametrize("hours", [0.5, 1, 4, 6])
def test_machines_are_found_up_to_two_percent_of_jitter(hours: float, jitter: float) -> None:
    """Of forty machines whose beat is off by up to ± 2 %, with words or without, all are found, 99.9 % sure or more."""
    for seed in range(40):
        contacts = made(every(hours, 30, jitter * hours * 3600, seed), ["a"] * 30 if seed % 2 else None)
        told, sure = kind_of(contacts)
        assert told == "machine" and sure is not None and 0.999 <= sure < 1


def test_a_machine_that_drifts_or_pauses_is_found() -> None:
    """Gaps off by 2 % each add up to a drift, and nights without calls are whole beats: both are machines."""
    for seed in range(20):
        dice, at, drifting = random.Random(seed), 0.0, []
        for _ in range(24):
            drifting.append(round(at))
            at += 4 * HOUR * (1 + dice.uniform(-0.02, 0.02))
        assert kind(made(drifting)) == "machine"
        open_hours = [at for at in every(4, 60, 200, seed) if at % (24 * HOUR) < 13 * HOUR]
        assert kind(made(open_hours)) == "machine"


def test_daily_machines_need_words_or_a_better_clock() -> None:
    """A daily call off by half an hour is a machine with the same words each time, and unknown without any."""
    loose, good = every(24, 60, 0.02 * 24 * 3600), every(24, 60, 170)
    assert kind(made(loose, ["a"] * 60)) == kind(made(good)) == "machine"
    assert kind(made(loose)) is None


@pytest.mark.parametrize("words", [None, "a"])
@pytest.mark.parametrize("count", [12, 20, 40, 90])
def test_no_person_is_a_machine(count: int, words: str | None) -> None:
    """Persons who call daily about the same hour, at any hours, on work days only, or again at once, are none."""
    for seed in range(50):
        dice = random.Random(1_000 + seed)
        daily = by_hand(24, count, seed)
        work_days = [at for at in by_hand(24, 2 * count, seed) if round(at / (24 * HOUR)) % 7 < 5][:count]
        busy = sorted(round((24 * dice.randrange(90) + dice.uniform(8, 18)) * HOUR) for _ in range(count))
        hourly = by_hand(2, count, seed, off=0.5)
        again: list[int] = []
        at = 0.0
        while len(again) < count:
            at += dice.expovariate(1 / 24) * HOUR
            again += [round(at + turn * dice.gauss(5, 1) * 60 * SECOND) for turn in range(dice.randint(1, 6))]
        for starts in (daily, work_days, busy, hourly, sorted(again)):
            assert kind(made(starts, [words] * len(starts))) is None


def test_coarse_clocks_tell_no_cadence() -> None:
    """Times in whole hours or days are steady for everybody."""
    assert kind(made(every(24, 20), ["a"] * 20, fine=False)) is None


def test_a_beat_counts_gaps_of_one_length() -> None:
    """Three calls a day, four hours apart, leave the night out: two gaps in three are one length, all are multiples."""
    beat = cadence([day * 24 * HOUR + turn * 4 * HOUR for day in range(6) for turn in range(3)])
    assert beat is not None and beat.period_us == 4 * HOUR
    assert beat.share == pytest.approx(12 / 17) and beat.multiples == 1.0
    assert cadence([0, 0, 0]) is None


@pytest.mark.parametrize("hours", [0.5, 3, 24])
def test_how_sure_a_beat_is_holds_for_simulated_persons(hours: float) -> None:
    """Persons look as steady as a beat is said to need no more often than it says."""
    off = min(1.0, hours / 4)
    for count, level in ((10, 0.2), (25, 0.2)):
        said = [cadence(by_hand(hours, count, seed, off)) for seed in range(400)]
        assert sum(one is not None and one.p <= level for one in said) <= level * 400


def test_the_fullest_window_is_found() -> None:
    """The share of a beat is that of the fullest window of one of the widths, by trying every gap."""
    for seed in range(30):
        starts = every(5, 15, 900, seed)
        beat = cadence(starts)
        assert beat is not None and beat.share in {oracle.share(starts, width) for width in (0.0005, 0.005, 0.02, 0.04)}
