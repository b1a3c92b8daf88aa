"""What gets lost at a handoff? Facts of the texts where they were used, else proxies, else an analogy that says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from miner.events.engine import Engine
from miner.report import words
from miner.report.tables import has
from miner.report.view.base import Column, Format, Table
from miner.summary import Analogy, InformationLoss, ShareKnown, Summary


@dataclass(frozen=True, slots=True)
class Information:
    """What is said, the sentence first: measured on texts, by proxies, or as an analogy; and the team pairs."""

    sentence: str
    measured: tuple[str, ...]
    proxies: tuple[str, ...]
    analogy: str | None
    pairs: Table


# Column, format and SQL of what is shown of a pair of teams, where the column of the table before it has any value.
_Shown = tuple[str, Format, str]
_COLUMNS: tuple[tuple[str, _Shown], ...] = (
    ("no_note", ("Notes known", "count", "count(i.no_note)")),
    ("no_note", ("Without a note", "percent", "avg(CAST(i.no_note AS INTEGER))")),
    ("blind", ("Transfer type known", "count", "count(i.blind)")),
    ("blind", ("Blind", "percent", "avg(CAST(i.blind AS INTEGER))")),
    ("asked_again", ("Steps that ask again", "count", "CAST(sum(i.asked_again) AS BIGINT)")),
    ("setup_excess_s", ("First step, compared with no handoff", "text", "nearest50(i.setup_excess_s)")),
    ("facts_before", ("Facts before", "count", "CAST(sum(i.facts_before) AS BIGINT)")),
    (
        "facts_missing",
        (
            "In no note",
            "percent",
            "sum(i.facts_missing) / nullif(sum(i.facts_before) FILTER (i.facts_missing IS NOT NULL), 0)",
        ),
    ),
    ("facts_asked_again", ("Facts asked again", "count", "CAST(sum(i.facts_asked_again) AS BIGINT)")),
)


def information(engine: Engine, summary: Summary) -> Information | None:
    """From the table `information` and `information` of the summary; None where there is neither."""
    loss = summary.get("information")
    if not loss or not has(engine, "information"):
        return None
    measured, proxies, analogy = _measured(loss), _proxies(loss), _analogy(loss["analogy"])
    known = summary.get("owner_level") is not None
    return Information(_sentence(loss, known, measured, proxies), measured, proxies, analogy, _pairs(engine))


def _sentence(loss: InformationLoss, known: bool, measured: tuple[str, ...], proxies: tuple[str, ...]) -> str:
    if not loss["handoffs"]:
        if not known:
            return "The log does not name teams, so it cannot show what gets lost between them."
        return "No journey was handed over, so nothing could get lost."
    if measured:
        return measured[0]
    if proxies:
        return f"{proxies[0]} This is a proxy: it shows where to look, not how much was lost."
    return "The log does not show what gets lost at a handoff: no notes, no transfer types, no spans, no texts used."


def _measured(loss: InformationLoss) -> tuple[str, ...]:
    facts = loss["facts"]
    if not facts:
        return ()
    sentences = []
    if facts["missing_n"]:
        missing = words.of(facts["missing"] or 0, facts["missing_of"] or 0, "facts")
        sentences.append(
            f"{missing} mentioned before a handoff appear in no note of the handing team, according to the texts."
        )
    if facts["asked_again_n"]:
        again = words.plural(facts["asked_again"], "fact") if facts["asked_again"] else "no fact"
        known = words.plural(facts["asked_again_n"], "handoff")
        sentences.append(
            f"When asked by the next team, customers repeated {again} that they had given before "
            f"({known} to teams whose messages are known)."
        )
    sentences.append(
        f"In total, {words.plural(facts['before'], 'fact')} were counted in the texts before "
        f"{words.plural(facts['n'], 'handoff')}."
    )
    return tuple(sentences)


def _proxies(loss: InformationLoss) -> tuple[str, ...]:
    note, blind, asked, setup = loss["no_note"], loss["blind"], loss["asked_again"], loss["setup_excess_s"]
    sentences = []
    if note["n"]:
        sentences.append(f"{_share(note)} in systems that record notes came without one.")
    if blind["n"]:
        sentences.append(f"{_share(blind)} whose transfer type is known were blind: nobody spoke with the next team.")
    if asked["n"]:
        sentences.append(
            f"{words.of(asked['handoffs'] or 0, asked['n'], 'handoffs')} were followed by a step that asks for "
            f"known information again, {words.plural(asked['events'] or 0, 'step')} in total."
        )
    if setup["median"] is not None:
        sentences.append(
            f"The first step after a handoff is usually {_compared(setup['median'])} than where nothing was "
            f"handed over (median of {words.number(setup['n'])}, same intent)."
        )
    return tuple(sentences)


def _share(proxy: ShareKnown) -> str:
    return words.of(round((proxy["share"] or 0) * proxy["n"]), proxy["n"], "handoffs")


def _compared(seconds: float) -> str:
    return f"{words.duration(abs(seconds))} {'shorter' if seconds < 0 else 'longer'}"


def _analogy(analogy: Analogy | None) -> str | None:
    if analogy is None:
        return None
    kept = ", ".join(f"{words.percent(share, 1)} {_WAYS[way]}" for way, share in analogy["kept"].items())
    return words.bound(
        f"An analogy, not a measurement: if information were kept as in clinical handovers ({analogy['source']}, "
        f"doi {analogy['doi']}), the {words.plural(analogy['journeys'], 'journey')} that were handed over would end "
        f"with {kept}."
    )


_WAYS = {"verbal": "by verbal handover only", "with notes": "with notes", "printed form": "with a printed sheet"}


def _pairs(engine: Engine) -> Table:
    known = engine.one(f"SELECT {', '.join(f'count({needs})' for needs, _ in _COLUMNS)} FROM information")
    shown = [column for (_, column), n in zip(_COLUMNS, known, strict=True) if n]
    kinds = [kind for _, kind, _ in shown]
    columns = (
        Column("From"),
        Column("To"),
        Column("Handoffs", "count"),
        *(Column(name, kind) for name, kind, _ in shown),
    )
    if not shown:
        return Table("information", columns)
    rows = engine.rows(
        f"SELECT a.shown, b.shown, count(*), {', '.join(sql for _, _, sql in shown)} FROM information i "
        "JOIN handoffs h ON h.journey_id = i.journey_id AND h.position = i.position "
        "JOIN owners a ON a.owner = h.from_owner JOIN owners b ON b.owner = h.to_owner "
        "GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 30"
    )
    return Table(
        "information",
        columns,
        tuple((words.label(a), words.label(b), n, *map(_cell, kinds, cells)) for a, b, n, *cells in rows),
    )


def _cell(kind: str, value: Any) -> Any:
    return value if kind != "text" else "unknown" if value is None else _compared(value)
