"""An OCEL in tables of the engine, whatever file it came from, and the event log that its interactions see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from miner.events.engine import literal, quote
from miner.events.sink import Columns, Sink
from miner.readers.standards.ocel_roles import OWNERS, may_own
from miner.readers.tabular.cells import LINE, Cells

_TABLES = {
    "ocel_events": {"no": "BIGINT", "line": "BIGINT", "id": "VARCHAR", "type": "VARCHAR", "moment": "VARCHAR"},
    "ocel_touched": {"no": "BIGINT", "event": "VARCHAR", "object": "VARCHAR"},
    "ocel_said": {"event": "VARCHAR", "name": "VARCHAR", "value": "VARCHAR"},
    "ocel_objects": {"no": "BIGINT", "line": "BIGINT", "id": "VARCHAR", "type": "VARCHAR"},
    "ocel_values": {
        "no": "BIGINT",
        "line": "BIGINT",
        "object": "VARCHAR",
        "name": "VARCHAR",
        "moment": "VARCHAR",
        "value": "VARCHAR",
    },
    "ocel_related": {"object": "VARCHAR", "other": "VARCHAR"},
}
_STATES = ("status", "state")
_AFTER = 10**15  # a change comes after the event of the same time that made it


@dataclass
class Thing:
    """An event or object on its way in: attributes as (name, time or None, value), relations as ids."""

    id: str
    type: str
    line: int
    at: str | None = None
    attributes: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)


class Log:
    """Where the loaders put what they find. `wanted` names the attributes that are mapped."""

    def __init__(self, sink: Sink, wanted: frozenset[str]):
        self.sink, self._engine, self._wanted = sink, sink.engine, wanted
        self.events = 0
        self._no = 0
        for table, columns in _TABLES.items():
            self._engine.create(table, columns)
        self._rows = {table: Columns(sink.engine, table, columns) for table, columns in _TABLES.items()}

    def add_event(self, event: Thing) -> None:
        """An event with the objects that it touches."""
        self.events += 1
        self._no += 1
        self._rows["ocel_events"].add(
            {"no": self._no, "line": event.line, "id": event.id, "type": event.type, "moment": event.at}
        )
        self.touch(event.id, event.relations)
        for name, _, value in event.attributes:
            if name in self._wanted or may_own(name):
                self._rows["ocel_said"].add({"event": event.id, "name": name, "value": value})

    def touch(self, event: str, objects: Iterable[str]) -> None:
        """The objects that an event touches."""
        for touched in objects:
            self._no += 1
            self._rows["ocel_touched"].add({"no": self._no, "event": event, "object": touched})

    def add_object(self, thing: Thing) -> None:
        """An object with the values its attributes had, and the objects it is related to."""
        self._no += 1
        self._rows["ocel_objects"].add({"no": self._no, "line": thing.line, "id": thing.id, "type": thing.type})
        self.add_values(thing)
        for other in thing.relations:
            self.relate(thing.id, other)

    def add_values(self, thing: Thing) -> None:
        """Values that the attributes of an object had."""
        for name, at, value in thing.attributes:
            self._no += 1
            self._rows["ocel_values"].add(
                {"no": self._no, "line": thing.line, "object": thing.id, "name": name, "moment": at, "value": value}
            )

    def relate(self, one: str, other: str) -> None:
        """Two objects belong together, whoever named the other."""
        self._rows["ocel_related"].add({"object": one, "other": other})
        self._rows["ocel_related"].add({"object": other, "other": one})

    def flush(self) -> None:
        """All is loaded: what was told twice goes."""
        for rows in self._rows.values():
            rows.flush()
        for table in ("ocel_events", "ocel_objects"):
            twice = f"SELECT no FROM (SELECT no, row_number() OVER (PARTITION BY id ORDER BY no) AS copy FROM {table}) "
            (count,) = self._engine.one(f"SELECT count(*) FROM ({twice} WHERE copy > 1)")
            if count:
                self._engine.run(f"DELETE FROM {table} WHERE no IN ({twice} WHERE copy > 1)")
                self.sink.note("duplicates", "events and objects with a duplicate id were skipped", count)
        (lost,) = self._engine.one(
            "SELECT count(*) FROM ocel_touched t WHERE NOT EXISTS (SELECT 1 FROM ocel_objects o WHERE o.id = t.object)"
        )
        if lost:
            self.sink.note("bad_reference", "events refer to objects that are missing", lost)

    def distinct_events(self) -> int:
        """How many events there are."""
        (count,) = self._engine.one("SELECT count(*) FROM ocel_events")
        return int(count)

    def object_types(self) -> dict[str, int]:
        """The types of objects with how many there are of each, the most frequent first."""
        return dict(self._engine.rows("SELECT type, count(*) FROM ocel_objects GROUP BY 1 ORDER BY 2 DESC, 1"))

    def attributes(self) -> list[str]:
        """The names of what events say that may be of use, the most frequent first."""
        return [row[0] for row in self._engine.rows("SELECT name FROM ocel_said GROUP BY 1 ORDER BY count(*) DESC, 1")]

    def attributes_of_objects(self) -> list[str]:
        """The names of what objects have."""
        return [row[0] for row in self._engine.rows("SELECT DISTINCT name FROM ocel_values ORDER BY 1")]

    def reject_others(self, case: str) -> int:
        """Reject the events that touch no interaction; returns how many."""
        others = (
            "SELECT e.line, e.id FROM ocel_events e WHERE NOT EXISTS (SELECT 1 FROM ocel_touched t "
            "JOIN ocel_objects o ON o.id = t.object WHERE t.event = e.id AND o.type = ?)"
        )
        self.sink.flush()
        (count,) = self._engine.one(f"SELECT count(*) FROM ({others})", [case])
        if count:
            self._engine.run(
                f"INSERT INTO rejects SELECT ?, line, 'relationships', id, ? FROM ({others})",
                [self.sink.source, f"the event has no object of type {case}", case],
            )
            self.sink.rejected[self.sink.source] += count
        return int(count)

    def advice(self) -> str:
        """Which types the events touch."""
        rows = self._engine.rows(
            "SELECT o.type, count(*) FROM ocel_touched t JOIN ocel_objects o ON o.id = t.object "
            "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20"
        )
        return "events touch: " + ", ".join(f"{kind} ({count})" for kind, count in rows)

    def view(self, roles: Mapping[str, str], attributes: Mapping[str, str]) -> tuple[Cells, dict[str, str]]:
        """A table of cells: each event once for every interaction it touches; and key → column of it."""
        self._pick(roles)
        columns = {"case": "interaction", "activity": "activity", "time": "time", "actor_type": "actor type"}
        columns |= {key: key for key in ("customer", "agent", "team") if key in roles or key in attributes}
        own = {key: f", {self._attribute(attributes[key])}" if key in attributes else "" for key in OWNERS}
        attributes = {key: name for key, name in attributes.items() if key not in OWNERS}
        columns |= {key: f"said {key}" for key in attributes}
        given = {f"said {key}": self._attribute(name) for key, name in attributes.items()}
        said = "".join(f", {sql} AS {quote(name)}" for name, sql in given.items())
        nothing = "".join(f", CAST(NULL AS VARCHAR) AS {quote(name)}" for name in given)
        view = f"cells_{self.sink.source_no}"
        actor = quote("said actor_type") if "actor_type" in attributes else "NULL"
        self._engine.run(
            f'CREATE OR REPLACE TABLE {quote(view)} AS SELECT *, coalesce("own actor type", {actor}, '
            'CASE WHEN "own agent" IS NOT NULL THEN \'agent\' END) AS "actor type" FROM ('
            "SELECT c.object AS interaction, e.type AS activity, e.moment AS time, "
            'CAST(NULL AS VARCHAR) AS "event type", cu.object AS customer, '
            f"coalesce(ag.object{own['agent']}) AS agent, coalesce(te.object, me.object{own['team']}) AS team, "
            'ag.object AS "own agent", '
            f'CAST(NULL AS VARCHAR) AS "own actor type", e.no AS sequence, e.line AS {quote(LINE)}{said} '
            "FROM ocel_events e JOIN ocel_cases c ON c.event = e.id LEFT JOIN ocel_customers cu ON cu.one = c.object "
            "LEFT JOIN ocel_agents ag ON ag.event = e.id LEFT JOIN ocel_teams te ON te.event = e.id "
            "LEFT JOIN ocel_members me ON me.one = ag.object "
            f"UNION ALL SELECT object, 'Changed ' || name, moment, CASE WHEN lower(name) IN {_STATES} "
            "THEN 'status_changed' ELSE 'field_changed' END, NULL, NULL, NULL, NULL, 'system', "
            f"no + {_AFTER}, line{nothing} FROM ocel_changes)"
        )
        names = (
            "interaction",
            "activity",
            "time",
            "event type",
            "customer",
            "agent",
            "team",
            "actor type",
            "sequence",
            *given,
        )
        columns["actor_type"] = "actor type"
        return Cells(view, names, {"sequence": "BIGINT"}, words="OCEL"), columns

    def _pick(self, roles: Mapping[str, str]) -> None:
        """Who is who: the interactions, and the first agent and team, of each event; of each, its customer or team."""
        self._touching("ocel_cases", roles["case"], several=True)
        self._touching("ocel_agents", roles.get("agent"))
        self._touching("ocel_teams", roles.get("team"))
        self._belonging("ocel_members", roles.get("agent"), roles.get("team"), beside=False)
        self._belonging("ocel_customers", roles["case"], roles.get("customer"), beside=True)
        moment = "TRY_CAST(v.moment AS TIMESTAMPTZ)"
        self._engine.run(
            "CREATE OR REPLACE TABLE ocel_changes AS SELECT v.* EXCLUDE (place) FROM (SELECT v.*, row_number() OVER ("
            f"PARTITION BY object, name ORDER BY {moment} NULLS FIRST, v.no) AS place FROM ocel_values v) v "
            "JOIN ocel_objects o ON o.id = v.object WHERE place > 1 AND o.type = ?",
            [roles["case"]],
        )
        (changes,) = self._engine.one("SELECT count(*) FROM ocel_changes")
        if changes:
            self.sink.note("object_changes", "later values of interaction attributes were read as changes", changes)

    def _touching(self, table: str, kind: str | None, several: bool = False) -> None:
        """Event → object of a type: all of them, or the first that it names."""
        pairs = (
            "SELECT t.event, t.object, min(t.no) AS no FROM ocel_touched t JOIN ocel_objects o ON o.id = t.object "
            f"WHERE o.type = {_text(kind)} GROUP BY 1, 2"
        )
        (many,) = self._engine.one(f"SELECT count(*) FROM (SELECT event FROM ({pairs}) GROUP BY 1 HAVING count(*) > 1)")
        if many and several:
            message = f"events with more than one {kind} were read as a step of each"
            self.sink.note("several_interactions", message, many)
        elif many:
            self.sink.note("several_objects", f"events with more than one {kind}: the first was used", many)
        if not several:
            pairs = f"SELECT event, arg_min(object, no) AS object FROM ({pairs}) GROUP BY 1"
        self._engine.run(f"CREATE OR REPLACE TABLE {table} AS {pairs}")

    def _belonging(self, table: str, one: str | None, other: str | None, beside: bool) -> None:
        """Object → the object of another type it is related to, or shares events with; null where these are several."""
        shared = (
            "UNION SELECT a.object, b.object FROM ocel_touched a JOIN ocel_touched b ON a.event = b.event"
            if beside
            else ""
        )
        pairs = (
            f"SELECT DISTINCT r.object AS one, r.other FROM (SELECT object, other FROM ocel_related {shared}) r "
            "JOIN ocel_objects o ON o.id = r.object JOIN ocel_objects p ON p.id = r.other "
            f"WHERE o.type = {_text(one)} AND p.type = {_text(other)}"
        )
        (many,) = self._engine.one(f"SELECT count(*) FROM (SELECT one FROM ({pairs}) GROUP BY 1 HAVING count(*) > 1)")
        if many:
            self.sink.note(
                "several_objects", f"objects of type {one} with more than one {other}: it stays unknown", many
            )
        self._engine.run(
            f"CREATE OR REPLACE TABLE {table} AS SELECT one, max(other) AS object FROM ({pairs}) "
            "GROUP BY 1 HAVING count(*) = 1"
        )

    @staticmethod
    def _attribute(name: str) -> str:
        """What the event says under a name, else what the interaction had there at its time."""
        at = "TRY_CAST({}.moment AS TIMESTAMPTZ)"
        return (
            f"coalesce((SELECT max(s.value) FROM ocel_said s WHERE s.event = e.id AND s.name = {_text(name)}), "
            f"(SELECT arg_max(v.value, struct_pack(a := {at.format('v')}, b := v.no)) FROM ocel_values v "
            f"WHERE v.object = c.object AND v.name = {_text(name)} "
            f"AND coalesce({at.format('v')} <= {at.format('e')}, true)))"
        )

    def close(self) -> None:
        """Let go of the tables."""
        derived = ("ocel_cases", "ocel_agents", "ocel_teams", "ocel_members", "ocel_customers", "ocel_changes")
        for table in (*_TABLES, *derived):
            self._engine.run(f"DROP TABLE IF EXISTS {table}")


def _text(value: str | None) -> str:
    return "NULL" if value is None else literal(value)
