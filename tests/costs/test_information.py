"""Information loss at handoffs: proxies and texts, drawn, generated and against the oracle."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest

from miner.costs import Rates
from miner.costs.asking import declared
from miner.costs.information import save_information
from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.journeys import stitch
from miner.measures import measure, saved_tables
from miner.sql import save
from miner.workspace import Workspace
from tests.costs.adapter import ASKING
from tests.drawings import draw
from tests.measures.adapter import arrow
from tests.oracles import Event, ordered
from tests.oracles.information import Fact, information, texts
from tests.strategies import random_log

NUMBER = re.compile(r"\d{6}")
KINDS = ("blind", "consult", "conference", None, None)


def made(events: list[Event], path: Path) -> Workspace:
    """The workspace of raw events with its table of information, texts used where there are any."""
    workspace = Workspace(path)
    with Engine() as engine:
        Sink(engine, keep_text=True)
        engine.insert_arrow("raw_events", arrow(events))
        stitch(engine, linked=False)
        measure(engine, also=("text_facts",))
        engine.run("SET preserve_insertion_order = true")
        for table in [*saved_tables(), "text_facts"]:
            save(engine, workspace, table)
    workspace.write_json("summary.json", {})
    save_information(workspace, Rates(ask_again=ASKING))
    return workspace


def with_texts(events: list[Event], seed: int = 1) -> list[Event]:
    """The same log with kinds of handoffs and texts of numbers; customers give the same one each time."""
    dice = random.Random(seed)
    own = {"customer": "100001", "agent": "100002 ?"}
    return [
        {
            **event,
            "text": dice.choice((own.get(event["actor_type"]), _text(dice))),
            "handoff_kind": dice.choice(KINDS),
        }
        for event in events
    ]


def rows(events: list[Event], path: Path) -> list[dict[str, Any]]:
    """The rows of the table, in its order."""
    found: list[dict[str, Any]] = made(events, path).arrow("information").to_pylist()
    return found


def said(*words: str | None) -> list[Event]:
    """The customer, L1, a note of L1, L2, the customer and L2 again say or write these texts, in order."""
    events = draw("customer!message L1!message L1!note L2!message customer!message L2!message")
    return [{**event, "text": text} for event, text in zip(events, words, strict=True)]


@pytest.mark.parametrize(("kind", "blind"), [("blind", True), ("consult", False), ("conference", False), (None, None)])
def test_blind_is_what_the_source_calls_so(kind: str | None, blind: bool | None, tmp_path: Path) -> None:
    """A blind transfer is one, a consult or conference is none, of anything else nothing is known."""
    events = draw("L1 L2")
    events[1]["handoff_kind"] = kind
    assert [row["blind"] for row in rows(events, tmp_path / "w")] == [blind]


def test_a_note_counts_for_the_visit_that_hands_over(tmp_path: Path) -> None:
    """The first visit left a note, the second none; its own note is too late for the receiver."""
    assert [row["no_note"] for row in rows(draw("L1 L1!note L2 L3 L3!note"), tmp_path / "w")] == [False, True]


def test_a_system_without_notes_says_nothing_of_them(tmp_path: Path) -> None:
    """Where a source system has no note anywhere a missing one is unknown, not true."""
    found = rows(draw("L1%crm L1!note%crm L2%phone L3%crm L1%crm"), tmp_path / "w")
    assert [row["no_note"] for row in found] == [False, None, True]


def test_a_note_of_the_customer_is_none(tmp_path: Path) -> None:
    """Only an owner leaves notes."""
    assert [row["no_note"] for row in rows(draw("L1 customer!note L2", "L1!note"), tmp_path / "w")] == [True]


def test_asking_again_counts_the_steps_of_the_receiver(tmp_path: Path) -> None:
    """Two verifications after one are two; a description that nobody asked for before is none."""
    found = rows(draw("ivr=verify L1=verify L2=identify L2=verify L2=describe L3=call"), tmp_path / "w")
    assert [row["asked_again"] for row in found] == [2, 0]


def test_without_a_declared_activity_asking_is_unknown(tmp_path: Path) -> None:
    """No activity that asks: null, not 0."""
    assert [row["asked_again"] for row in rows(draw("L1 L2"), tmp_path / "w")] == [None]


def test_setup_is_the_first_span_against_the_median_without_a_handoff(tmp_path: Path) -> None:
    """First spans alone are 2, 4 and 9 minutes; 7 are 3 more and 1 is 3 less; a point has none."""
    found = rows(draw("L1/2 L1/8", "L1/4", "L1 L1/9", "L1/1 L2/7 L3 L3/1 L2"), tmp_path / "w")
    assert [row["setup_excess_s"] for row in found] == [180.0, -180.0, None]


def test_facts_that_no_note_has_are_missing(tmp_path: Path) -> None:
    """Of the two numbers that the customer gave, the note has one, written in another way."""
    found = rows(said("A-100200 and 300400", "ok", "order 100200", None, None, None), tmp_path / "w")
    assert [(row["facts_before"], row["facts_missing"], row["facts_asked_again"]) for row in found] == [(2, 1, None)]


def test_phrases_of_the_customer_are_facts(tmp_path: Path) -> None:
    """What the customer is about is missing where the note does not say it; the note's own words do not matter."""
    words = "The washing machine leaks water"
    told = rows(said(words, None, "washing machine leaks, water everywhere", "Hello", None, None), tmp_path / "a")
    lost = rows(said(words, None, "customer called", "Hello", None, None), tmp_path / "b")
    assert told[0]["facts_before"] == lost[0]["facts_before"] > 0
    assert told[0]["facts_missing"] == 0 and lost[0]["facts_missing"] == lost[0]["facts_before"]


def test_a_greeting_of_an_agent_is_no_fact(tmp_path: Path) -> None:
    """Of the words of those who serve only identifiers are facts."""
    found = rows(said(None, "Welcome to our wonderful online warehouse 123456", None, None, None, None), tmp_path / "w")
    assert found[0]["facts_before"] == 1


def test_a_fact_given_again_after_a_question_was_asked_again(tmp_path: Path) -> None:
    """The customer repeats one number after the receiver's question; the other one is new."""
    asked = said("100200", None, None, "Your number?", "100200, and 555666", None)
    assert [row["facts_asked_again"] for row in rows(asked, tmp_path / "a")] == [1]
    unasked = said("100200", None, None, "One moment.", "100200", None)
    assert [row["facts_asked_again"] for row in rows(unasked, tmp_path / "b")] == [0]


def test_a_question_after_the_answer_asked_for_nothing(tmp_path: Path) -> None:
    """Only what is said after the question answers it."""
    late = said("100200", None, None, "Hello.", "100200", "Anything else?")
    assert [row["facts_asked_again"] for row in rows(late, tmp_path / "w")] == [0]


def test_without_texts_facts_are_unknown(tmp_path: Path) -> None:
    """Null, not 0."""
    found = rows(draw("L1!note L2"), tmp_path / "w")
    assert [(row["facts_before"], row["facts_missing"], row["facts_asked_again"]) for row in found] == [(None,) * 3]


def test_the_analogy_stands_only_where_nothing_is_known(tmp_path: Path) -> None:
    """Points without notes have nothing but the analogy, which says what it is; one proxy puts it away."""
    bare = made(draw("L1 L2 L1", "L1 L2", "L1"), tmp_path / "a").summary["information"]
    assert bare["analogy"]["kept"]["verbal"] == pytest.approx((0.478**2 + 0.478) / 2)
    assert bare["analogy"]["label"].startswith("analogy") and bare["analogy"]["doi"] == "10.1308/003588407X168352"
    assert made(draw("L1 L2 L1!note"), tmp_path / "b").summary["information"]["analogy"] is None
    assert made(draw("L1"), tmp_path / "c").summary["information"]["analogy"] is None


def test_the_totals_are_those_of_the_table(tmp_path: Path) -> None:
    """Shares are of the handoffs of which something is known, and n says how many."""
    workspace = made(draw("L1 L1!note L2 L3", "L1%phone L2"), tmp_path / "w")
    found = workspace.summary["information"]
    assert found["handoffs"] == 3
    assert found["no_note"] == {"n": 2, "share": 0.5}
    assert found["blind"] == {"n": 0, "share": None}
    assert found["facts"] is None


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_generated_proxies(seed: int, tmp_path: Path) -> None:
    """The proxies of generated logs are the oracle's, microsecond for microsecond."""
    dice = random.Random(seed)
    log = [{**event, "handoff_kind": dice.choice(KINDS)} for event in random_log(seed, 200)]
    workspace = made(log, tmp_path / "w")
    kinds = {(row["journey_id"], row["position"]): row["kind"] for row in workspace.arrow("handoffs").to_pylist()}
    topics = dict(declared(sorted({event["activity"] for event in log}), ASKING))
    columns = ("journey_id", "position", "blind", "no_note", "asked_again")
    found = [
        {**{name: row[name] for name in columns}, "setup_excess_us": _us(row["setup_excess_s"])}
        for row in workspace.arrow("information").to_pylist()
    ]
    assert found == information(ordered(log), topics, kinds)
    assert len(found) > 100


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_generated_texts(seed: int, tmp_path: Path) -> None:
    """The facts of generated logs are the oracle's, where every fact is a number of six digits."""
    dice = random.Random(seed)
    log = random_log(seed, 150, 24, actor_type="agent")
    for event in log:
        event["text"], event["team"] = _text(dice), dice.choice(("L1", "L2", None))
        event["actor_type"] = dice.choice(("customer", "customer", "customer", "agent", "bot"))
    found = [
        {
            "journey_id": row["journey_id"],
            "position": row["position"],
            "before": row["facts_before"],
            "missing": row["facts_missing"],
            "again": row["facts_asked_again"],
        }
        for row in rows(log, tmp_path / "w")
    ]
    assert found == texts(ordered(log), _facts, _words)
    assert sum(row["again"] or 0 for row in found) > 2


def _text(dice: random.Random) -> str | None:
    numbers = [f"{dice.choice(('', 'T-', '#'))}{dice.randrange(100_001, 100_009)}" for _ in range(dice.randrange(3))]
    return dice.choice((None, " ; ".join(numbers) + dice.choice(("", " ?")))) or None


def _facts(event: Event) -> set[Fact]:
    return {frozenset([number]) for number in NUMBER.findall(event["text"])}


def _words(text: str) -> set[str]:
    return set(NUMBER.findall(text))


def _us(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1_000_000)
