"""How well the sample logs' customers are found again over the three systems.

    python -m benchmarks.samples_identity

Truth is the shop's customer key. `hidden` takes it out of the exports, so that only numbers, addresses and names
are left to go by.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from identity import Score, score

from miner.events.engine import Engine
from miner.events.sink import Sink
from miner.journeys.identity import How, identify
from miner.pipeline.settings import Settings
from miner.pipeline.sources import prepare
from miner.readers.reading import read_all

SAMPLES = Path(__file__).resolve().parents[1] / "sample_logs"
_FILES = ("zendesk_audits.json", "connect_contacts.jsonl", "intercom_conversations.json")


def joined_samples(way: str, hidden: bool, folder: Path) -> Score:
    """Read the three systems' exports, find the customers, and compare with the truth."""
    truth = _customers(folder, SAMPLES, True)
    read = _hidden(folder) if hidden else SAMPLES
    found = _customers(folder, read, not hidden, way)
    known = [name for name in truth if name in found]
    numbers = {key: n for n, key in enumerate(sorted({truth[name] for name in known}))}
    own = {found[name] or f"alone {name}" for name in known}
    places = {key: n for n, key in enumerate(sorted(own))}
    keys = [{("truth", truth[name])} for name in known]
    return score(
        [numbers[truth[name]] for name in known], [places[found[name] or f"alone {name}"] for name in known], keys
    )


def _customers(folder: Path, source: Path, keyed: bool, way: str = "off") -> dict[str, str]:
    """The customer of every interaction; `off` gives the true ones, from the exports and truth.json."""
    settings = prepare([str(SAMPLES)], Settings()).settings
    with Engine() as engine:
        sink = Sink(engine)
        files = [f for f in prepare([str(source)], settings).files if f.name in _FILES]
        read_all(files, settings.options_for, sink)
        if way == "off":
            rows = engine.rows("SELECT interaction_id, max(customer) FROM raw_interactions GROUP BY 1")
            truth = json.loads((SAMPLES / "retailer" / "truth.json").read_text(encoding="utf-8"))["customers"]
            hidden = {name: key for part in truth.values() for name, key in part.items()}
            return {name: hidden.get(name, key) for name, key in rows if hidden.get(name, key)}
        who = identify(engine, How(way), lambda *_: None)
        assert who.people is not None
        return {name: who.people.names[i] or "" for name, i in who.of.items()}


def _hidden(folder: Path) -> Path:
    """The exports without customer keys and without the ids that systems give to people."""
    target = folder / "hidden"
    target.mkdir()
    for name in _FILES:
        text = (SAMPLES / name).read_text(encoding="utf-8")
        text = re.sub(r'"external_id":"K-\d+"', '"external_id":null', text)
        text = re.sub(r'"customerId":"K-\d+",?', "", text).replace(",}", "}")
        text = re.sub(r'"type":"contact","id":"[0-9a-f]+"', '"type":"contact","id":null', text)
        (target / name).write_text(text, encoding="utf-8")
    return target


def main() -> None:
    """Print the table of docs/identity.md."""
    print("| the exports | --identity | pairs: precision | pairs: recall | B³ precision | B³ recall |")
    print("|---|---|---|---|---|---|")
    for hidden, way in ((False, "keys"), (True, "keys"), (True, "probabilistic")):
        with tempfile.TemporaryDirectory() as folder:
            found = joined_samples(way, hidden, Path(folder))
        print(
            f"| {'without customer keys' if hidden else 'as they are'} | {way} | {found.precision:.4f} | "
            f"{found.recall:.4f} | {found.b_cubed[0]:.4f} | {found.b_cubed[1]:.4f} |"
        )


if __name__ == "__main__":
    main()
