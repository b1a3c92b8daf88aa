"""The view: every number of the page before any HTML, against the tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miner.errors import UsageError
from miner.report import words
from miner.report.view import View, view
from miner.workspace import Workspace
from tests.report.made import drawn, finding, shop, workspace_of


def test_the_view_can_be_saved_as_json(shop_view: View) -> None:
    """It consists of plain lists, dicts, texts and numbers."""
    assert json.loads(json.dumps(shop_view.to_json()))["headline"]["figures"]


def test_the_headline_has_the_numbers_of_the_summary(shop_view: View, shop_workspace: Workspace) -> None:
    """Journeys, handed over, came back, hours and money, each with its base."""
    summary = shop_workspace.summary
    figures = {figure.name: figure for figure in shop_view.headline.figures}
    assert list(figures) == ["Journeys", "Handed over", "Came back", "Hours between teams", "Money"]
    assert figures["Handed over"].base == f"{summary['journeys_with_handoff']} of {summary['journeys']} journeys"
    assert "no rates given" in figures["Money"].base
    assert f"{summary['journeys']} journeys of {summary['customers']} customers" in shop_view.headline.sentence


def test_joined_interactions_are_told_as_contacts(shop_workspace: Workspace) -> None:
    """Where journeys join several contacts, the sentence counts customers, contacts and matters."""
    from miner.report.view.headline import headline

    told = headline(
        {
            **shop_workspace.summary,
            "customers": 1482,
            "customers_with_contact": 1482,
            "conversations": 4310,
            "journeys": 2020,
        }
    )
    assert told.sentence.startswith("1,482 customers contacted us 4,310 times about 2,020 matters.")


def test_orders_are_no_contacts_in_the_headline(shop_workspace: Workspace) -> None:
    """Journeys that hold records alone, and customers who never contacted us, are said apart."""
    from miner.report.view.headline import headline

    told = headline(
        {
            **shop_workspace.summary,
            "customers": 1500,
            "customers_with_contact": 1482,
            "journeys": 2993,
            "conversations": 3253,
            "records": 2553,
            "journeys_without_contact": 557,
        }
    )
    assert told.sentence.startswith(
        "1,482 customers contacted us 3,253 times about 2,436 matters. 557 more journeys held no contact, and 18 "
        "customers never contacted us."
    )
    assert " of all 2,993 journeys were handed over" in told.sentence


def test_unidentified_calls_are_nobodys_in_the_headline(shop_workspace: Workspace) -> None:
    """Customers made the calls that name them; the others are counted apart."""
    from miner.report.view.headline import headline

    told = headline(
        {
            **shop_workspace.summary,
            "customers": 4081,
            "customers_with_contact": 4081,
            "journeys": 30000,
            "conversations": 33344,
            "contacts_without_customer": 19558,
        }
    )
    assert told.sentence.startswith(
        "4,081 customers contacted us 13,786 times; 19,558 more contacts named no "
        "customer. They were about 30,000 matters."
    )
    told = headline(
        {
            **shop_workspace.summary,
            "customers": 4081,
            "customers_with_contact": 4081,
            "journeys": 33344,
            "events": 90000,
            "conversations": 33344,
            "contacts_without_customer": 19558,
        }
    )
    assert told.sentence.startswith(
        "33,344 journeys with 90,000 recorded steps. 13,786 of 33,344 contacts named a "
        "customer (4,081 customers in all)."
    )


def test_computed_fragmentation_takes_the_place_of_the_waits(shop_workspace: Workspace) -> None:
    """With costs the headline names the hours and money of fragmentation."""
    from miner.report.view.headline import headline

    cost = {"hours": 2930.0, "money": 81_000.0, "currency": "EUR", "money_low": 70_000.0, "money_high": 95_000.0}
    told = headline({**shop_workspace.summary, "fragmentation_cost": cost})
    assert "2,930 hours went into fragmentation" in told.sentence
    assert (told.figures[-1].name, told.figures[-1].value) == ("Money, EUR", "81,000")
    assert told.figures[-1].base.startswith("70,000\u00a0EUR with the low assumptions, 95,000\u00a0EUR with the high")


def test_money_without_rates_says_how_to_get_it(shop_workspace: Workspace) -> None:
    """No rates, no money: the figure says which command gives it."""
    from miner.report.view.headline import headline

    assert "miner cost --rates" in headline(shop_workspace.summary).figures[-1].base


def test_without_teams_nothing_is_said_of_handoffs(tmp_path: Path) -> None:
    """A log that names no team has no handoffs, loops and queues of which it could be said that there are none."""
    told = view(drawn(tmp_path / "w", "customer@0 system@60", "customer@0 system@30"))
    assert [figure.value for figure in told.headline.figures[1:4]] == ["—", "—", "—"]
    for sentence in (told.loops.sentence, told.time.queues.sentence):
        assert sentence.startswith("The log does not name teams")


def test_a_small_log_shows_all_its_journeys(tmp_path: Path) -> None:
    """Journeys that no finding, loop or arrow names are there as well while the page has room."""
    told = view(drawn(tmp_path / "w", "L1", "L2")).journeys
    assert len(told.journeys) == told.total == 2 and told.sentence == "All 2 journeys."


def test_time_parts_add_up(shop_view: View) -> None:
    """The split and every bar of it add up to their whole; the bars of a kind add up to all."""
    time = shop_view.time
    assert sum(part.share for part in time.split.parts) == pytest.approx(1)
    for _, bars in time.by:
        assert sum(bar.seconds for bar in bars) == pytest.approx(time.split.seconds)
        assert all(sum(p.seconds for p in bar.parts) == pytest.approx(bar.seconds) for bar in bars)


def test_loops_are_ranked_by_hours(shop_view: View, shop_workspace: Workspace) -> None:
    """The planted refund loop is first, with the bounces of the table pingpongs."""
    first = shop_view.loops.loops[0]
    assert {first.a, first.b} == {"Chat front desk", "Refunds"}
    pingpongs = shop_workspace.table("pingpongs")
    assert sum(loop.bounces for loop in shop_view.loops.loops) == pingpongs.bounces.sum()
    assert [loop.total_s for loop in shop_view.loops.loops] == sorted(
        (x.total_s for x in shop_view.loops.loops), reverse=True
    )


def test_a_loop_counts_its_time_once(tmp_path: Path) -> None:
    """A B A B: from A's first end to B's last start, whatever bounces in between."""
    loops = view(drawn(tmp_path / "w", "A@0 B@10 A@30 B@60")).loops
    (loop,) = loops.loops
    assert (loop.a, loop.b, loop.bounces, loop.total_s) == ("A", "B", 2, 60 * 60)
    assert (loop.out_s, loop.back_s) == (10 * 60, 20 * 60)
    assert loop.trigger == "step 1"


def test_longer_ways_round_name_the_way(tmp_path: Path) -> None:
    """A → B → C → A is a way round of its own."""
    loops = view(drawn(tmp_path / "w", "A B C A")).loops
    assert loops.round is not None
    assert loops.round.rows[0][:3] == ("A → B → C → A", 1, 1)


def test_the_heat_map_holds_every_wait_of_the_worst_team(shop_view: View) -> None:
    """Its cells add up to the time that the first row of the table says."""
    queues = shop_view.time.queues
    total = sum(cell.total_s for row in queues.heat for cell in row)
    assert total == pytest.approx(queues.table.rows[0][3])
    assert [len(row) for row in queues.heat] == [24] * 7


def test_weekday_and_hour_are_those_of_the_declared_zone(tmp_path: Path) -> None:
    """A wait that begins on Friday 2024-03-01 00:00 UTC began on Thursday evening in New York."""
    workspace = drawn(tmp_path / "w", "A@0 B@30")
    workspace.write_json("manifest.json", {"options": {"tz": "America/New_York"}})
    queues = view(workspace).time.queues
    assert queues.zone == "America/New_York"
    assert [(d, h) for d in range(7) for h in range(24) if queues.heat[d][h].count] == [(3, 19)]


def test_spreads_count_every_journey(shop_view: View, shop_workspace: Workspace) -> None:
    """The bands add up, and median and p95 are real values in their bands."""
    journeys, handoffs = shop_view.time.spreads
    assert sum(n for _, n in journeys.counts) == journeys.n == shop_workspace.summary["journeys"]
    assert sum(n for _, n in handoffs.counts) == shop_workspace.summary["handoffs"]
    waits = sorted(shop_workspace.table("handoffs").own_wait_s)
    assert handoffs.median_s == waits[(50 * len(waits) + 99) // 100 - 1]
    assert handoffs.p95_s == waits[(95 * len(waits) + 99) // 100 - 1]


def test_examples_are_journeys_of_the_log_with_their_steps(shop_view: View, shop_workspace: Workspace) -> None:
    """The findings' examples come first; steps are those of the table events, in order."""
    found = shop_view.journeys
    assert [journey.id for journey in found.journeys[:3]] == ["m1", "m2", "m3"]
    events = shop_workspace.table("events")
    mine = events[events.journey_id == "m1"].sort_values("seq")
    assert [found.activities[s.activity] for s in found.journeys[0].steps] == list(mine.activity)
    assert found.journeys[0].steps[0].at_s == 0
    assert "Customer" in found.lanes


def test_long_journeys_are_cut_and_say_so(tmp_path: Path) -> None:
    """A journey of 300 steps shows its first 120 and counts the rest."""
    (journey,) = view(drawn(tmp_path / "w", " ".join("AB"[i % 2] for i in range(300)))).journeys.journeys
    assert len(journey.steps) == 120
    assert journey.more == 180


def test_no_agent_is_named(tmp_path: Path) -> None:
    """Neither names of agents nor their finding titles reach the view when people own the steps."""
    events = [{**event, "team": None} for event in shop(60)]
    told = finding(title="Kim Secret keeps everything.", where={"teams": ["Kim Secret"]}, params={"team": "Kim Secret"})
    text = json.dumps(view(workspace_of(tmp_path / "w", events, findings=[told])).to_json())
    assert "Secret" not in text
    assert "Person 1 keeps everything." in text


def test_findings_become_cards(shop_view: View) -> None:
    """Hours on one scale, journeys with their share, the command that gives the finding back, the place on the map."""
    first, second = shop_view.fixes
    assert (first.kind, first.hours, first.share_of_longest) == ("Loop", "900 hours", 1.0)
    assert second.share_of_longest == 0.5
    assert first.journeys.replace(words.NBSP, " ") == "40 of 300 journeys (13 %)"
    assert first.command == "miner query loops/loop_waits --param 'team=Refunds & co'"
    assert (first.map, first.at) == ("teams", ("Refunds", "Chat front desk"))


def test_money_comes_with_its_range(tmp_path: Path) -> None:
    """Lost value and cost say which they are, and between what they lie."""
    found = [
        finding(value=1200.0, low=900.0, high=1500.0),
        finding(money=80.0),
        finding(money=80.0, unpriced_hours=1200.0),
    ]
    first, second, third = view(drawn(tmp_path / "w", "A B", findings=found)).fixes
    assert first.money == "1,200 value lost (between 900 and 1,500)"
    assert second.money == "80 cost of fragmentation, without value lost"
    assert third.money == "80 cost of fragmentation, without value lost; 1,200 hours without a rate are not in it"


def test_an_empty_log_has_a_view(tmp_path: Path) -> None:
    """Events without owners and without any time passing leave parts empty, each with a sentence."""
    empty = view(drawn(tmp_path / "w", "customer@0"))
    assert empty.teams is None
    assert empty.process is not None
    assert not empty.loops.loops
    assert empty.time.split.seconds == 0
    assert empty.time.queues.team is None


def test_a_workspace_without_tables_is_refused(tmp_path: Path) -> None:
    """The error names the table and what to run."""
    with pytest.raises(UsageError, match="no table 'events'"):
        view(Workspace(tmp_path))


def test_names_in_a_sentence_are_replaced_as_whole_words_once(tmp_path: Path) -> None:
    """An owner's short name inside another word stays, and no shown name is replaced again."""
    from miner.report.view.fixes import fixes

    told = finding("bottleneck", where={"teams": ["P", "a"]}, title="Journeys waited for a after P and Pa.", n=9)
    (card,) = fixes({"journeys": 10, "findings": [told]}, {"P": "Person 1", "a": "Person 2"})
    assert card.title == "Journeys waited for Person 2 after Person 1 and Pa."
    assert card.sure == "Counted in 9 cases: a hint rather than a fact"


def test_a_share_with_its_interval_is_told_in_percent(tmp_path: Path) -> None:
    """How sure a share is stands in percent; money stands with its currency."""
    from miner.report.view.fixes import fixes

    shared = finding("false_containment", low=0.54, high=0.71, n=127)
    paid = finding("bottleneck", money=1234.5)
    cards = fixes({"journeys": 500, "findings": [shared, paid], "fragmentation_cost": {"currency": "EUR"}}, {})
    assert cards[0].sure.replace("\u00a0", " ") == "Counted in 127 cases; between 54 % and 71 %"
    assert cards[1].money == "1,234 EUR cost of fragmentation, without value lost"


def test_one_event_is_told_without_saying_what_is_not_so(tmp_path: Path) -> None:
    """A team that nothing waits for is a known team; the only journey is shown; one is no plural."""
    told = view(drawn(tmp_path / "w", "L1"))
    assert told.time.queues.sentence.startswith("Nothing waits for a team") and told.time.queues.team is None
    assert told.journeys.sentence == "The journey of this log, step by step."
    assert told.headline.figures[0].base == "1 recorded step" and told.headline.figures[1].base == "0 of 1 journey"
    assert " on 1 March 2024;" in told.reading.sentence
