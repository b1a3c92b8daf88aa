"""Random questions within the portable subset (docs/graph.md), made from the schema and from values of the log."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from miner.graph.schema import NODES, RELATIONSHIPS, Relationship
from miner.graph.schema.parts import Property

Values = dict[tuple[str, str], list[Any]]
_IDS = Property("id", "string", "id", "the id")
_NODES = {node.label: (_IDS, *node.properties) for node in NODES if not node.optional}
_TYPES = [part for part in RELATIONSHIPS if not part.optional]
_LINKED = {label for part in _TYPES for label in (part.start, part.end)}
_CHAINS = [part for part in _TYPES if part.start == part.end and part.level != "teams"]


@dataclass
class Question:
    """A statement in the making: its variables with their labels or types, and its parameters."""

    dice: random.Random
    values: Values
    nodes: dict[str, str] = field(default_factory=dict)
    joins: dict[str, Relationship] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)

    def node(self, label: str) -> str:
        """A new variable of a label, as a pattern."""
        name = f"n{len(self.nodes)}"
        self.nodes[name] = label
        return f"({name}:{label})"

    def step(self, at: str) -> str:
        """The next relationship from a node and where it leads, as a pattern."""
        label = self.nodes[at]
        part = self.dice.choice([part for part in _TYPES if label in (part.start, part.end)])
        forth = part.start == label and (part.end != label or self.dice.random() < 0.5)
        name = f"r{len(self.joins)}"
        inside = f"[{name}:{part.type}]"
        if part in _CHAINS and self.dice.random() < 0.3:
            inside = f"[:{part.type}*{self.dice.choice(('1..2', '1..3', '2', '2..3'))}]"
        else:
            self.joins[name] = part
        other = self.node(part.end if forth else part.start)
        return f"-{inside}->{other}" if forth else f"<-{inside}-{other}"

    def path(self, length: int) -> str:
        """A path of so many relationships."""
        pattern = self.node(self.dice.choice(list(_NODES)))
        for _ in range(length if self.nodes["n0"] in _LINKED else 0):
            pattern += self.step(f"n{len(self.nodes) - 1}")
        return pattern

    def property(self, kinds: tuple[str, ...] = ("string", "integer", "float", "boolean")) -> tuple[str, Property, str]:
        """A property of some variable: its expression, its declaration, and the label or type it is on."""
        places = [(name, _NODES[label], label) for name, label in self.nodes.items()]
        places += [(name, part.properties, part.type) for name, part in self.joins.items()]
        found = [(f"{n}.{p.name}", p, of) for n, properties, of in places for p in properties if p.kind in kinds]
        return self.dice.choice(found or [("n0.id", _IDS, self.nodes["n0"])])

    def value(self, of: str, name: str) -> str:
        """A parameter with a value that the log has there, or nearly."""
        known = self.values.get((of, name)) or ["nothing"]
        key = f"p{len(self.params)}"
        self.params[key] = self.dice.choice(known)
        return f"${key}"

    def predicate(self, depth: int = 0) -> str:
        """A condition."""
        choice = self.dice.random()
        if depth < 2 and choice < 0.3:
            left, right = self.predicate(depth + 1), self.predicate(depth + 1)
            return f"({left} {self.dice.choice(('AND', 'OR', 'XOR'))} {right})"
        if depth < 2 and choice < 0.4:
            return f"NOT ({self.predicate(depth + 1)})"
        expression, prop, of = self.property()
        if choice < 0.5:
            return f"{expression} IS {self.dice.choice(('NULL', 'NOT NULL'))}"
        if choice < 0.6:
            return f"{expression} IN [{self.value(of, prop.name)}, {self.value(of, prop.name)}]"
        if prop.kind == "string" and choice < 0.75:
            how = self.dice.choice(("STARTS WITH", "ENDS WITH", "CONTAINS"))
            return f"{expression} {how} left({self.value(of, prop.name)}, 2)"
        if choice < 0.85 and self.joins:
            label = self.nodes["n0"]
            part = self.dice.choice([part for part in _TYPES if label in (part.start, part.end)])
            other = part.end if part.start == label else part.start
            arrow = ("-", "->") if part.start == label else ("<-", "-")
            return f"EXISTS {{ (n0){arrow[0]}[:{part.type}]{arrow[1]}(:{other}) }}"
        return f"{expression} {self.dice.choice(('=', '<>', '<', '>', '<=', '>='))} {self.value(of, prop.name)}"

    def aggregate(self) -> str:
        """A value for a group."""
        choice = self.dice.random()
        if choice < 0.3:
            return "count(*)"
        if choice < 0.5:
            return f"count(DISTINCT {self.property()[0]})"
        if choice < 0.6:
            return f"size(collect({self.property()[0]}))"
        numbers = self.property(("integer", "float"))[0]
        if choice < 0.8:
            how = self.dice.choice(("min", "max"))
            return f"{how}({self.property()[0]})"
        if numbers == "n0.id":
            return "count(n0)"
        return self.dice.choice((f"sum({numbers})", f"sum(CASE WHEN {self.predicate(1)} THEN 1 ELSE 0 END)"))


def question(seed: int, values: Values) -> tuple[str, dict[str, Any]]:
    """A statement and its parameters, the same for the same seed and log."""
    dice = random.Random(seed)
    asked = Question(dice, values)
    lines = [f"MATCH {asked.path(dice.choice((0, 1, 1, 2, 2)))}"]
    if dice.random() < 0.7:
        lines.append(f"WHERE {asked.predicate()}")
    if asked.nodes["n0"] in _LINKED and dice.random() < 0.3:
        start = dice.choice(list(asked.nodes))
        lines.append(f"OPTIONAL MATCH ({start}){asked.step(start)}")
        if dice.random() < 0.5:
            lines.append(f"WHERE {asked.predicate(1)}")
    lines += dice.choice((_plain, _grouped, _grouped, _twice, _top))(asked)
    return "\n".join(lines), asked.params


def _columns(asked: Question, most: int) -> list[str]:
    return [asked.property()[0] for _ in range(asked.dice.randint(1, most))]


def _plain(asked: Question) -> list[str]:
    columns = _columns(asked, 4)
    returned = ", ".join(f"{column} AS c{n}" for n, column in enumerate(columns))
    order = ", ".join(f"c{n}{asked.dice.choice(('', ' DESC'))}" for n in range(len(columns)))
    lines = [f"RETURN {asked.dice.choice(('', 'DISTINCT '))}{returned}", f"ORDER BY {order}"]
    if asked.dice.random() < 0.3:
        lines.append(f"SKIP {asked.dice.randint(0, 5)}")
    return [*lines, f"LIMIT {asked.dice.choice((5, 100, 2000))}"]


def _grouped(asked: Question) -> list[str]:
    keys = _columns(asked, 2)
    parts = [f"{key} AS k{n}" for n, key in enumerate(keys)]
    parts += [f"{asked.aggregate()} AS a{n}" for n in range(asked.dice.randint(1, 3))]
    return [f"RETURN {', '.join(parts)}", f"ORDER BY {', '.join(f'k{n}' for n in range(len(keys)))}"]


def _twice(asked: Question) -> list[str]:
    key, value = _columns(asked, 1)[0], asked.aggregate()
    return [
        f"WITH {key} AS k, count(*) AS n, {value} AS a",
        f"WHERE n >= {asked.dice.randint(1, 4)}",
        "RETURN n, count(k) AS groups, min(a) AS least, max(a) AS most",
        "ORDER BY n",
    ]


def _top(asked: Question) -> list[str]:
    key = _columns(asked, 1)[0]
    return [
        f"WITH {key} AS k, count(*) AS n",
        "ORDER BY n DESC, k",
        f"LIMIT {asked.dice.randint(1, 10)}",
        "WITH collect(k) AS ks, sum(n) AS total",
        "RETURN ks, total, size(ks) AS size, [x IN ks WHERE x IS NOT NULL][0] AS first, ks[0..2] AS two",
    ]
