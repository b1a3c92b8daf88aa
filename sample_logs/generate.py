#!/usr/bin/env python3
"""Make the sample logs: a small retailer's exports of three months, the same bytes each time.

    python sample_logs/generate.py            # into this folder
    python sample_logs/generate.py --out DIR  # elsewhere

Needs the standard library only. What is hidden in the files is written to retailer/truth.json
(a subfolder, so that a run on this folder does not take it for a log) and explained in README.md.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from retailer.clock import END
from retailer.people import SILOS
from retailer.plan import build
from retailer.truth import tell


def generate(folder: Path) -> None:
    """Write all generated files into the folder."""
    world, matters, visitors = build()
    audits, audits_twice = world.zendesk.write()
    contacts, contacts_twice = world.connect.write()
    order_log, order_rows = world.shop.write()
    tickets, legs, chats = world.zendesk.tickets, world.connect.legs, world.intercom.chats
    files = {
        "zendesk_audits.json": {
            "tickets": len(tickets),
            "audits": sum(len(t.audits) for t in tickets),
            "audits_twice": audits_twice,
        },
        "connect_contacts.jsonl": {
            "contacts": len(legs),
            "redelivered": contacts_twice,
            "abandoned": sum(leg.agent is None for leg in legs),
            "transfers": sum(leg.previous is not None for leg in legs),
        },
        "intercom_conversations.json": {"conversations": len(chats), "parts": sum(len(c.parts) for c in chats)},
        "orders.csv": {"orders": sum(order.placed < END for order in world.shop.orders), "rows": order_rows},
    }
    truth = tell(world, matters, visitors, files)
    texts = {
        "zendesk_audits.json": audits,
        "connect_contacts.jsonl": contacts,
        "intercom_conversations.json": world.intercom.write(),
        "orders.csv": order_log,
        "teams.csv": "team,silo\n" + "".join(f"{team},{silo}\n" for team, silo in SILOS.items()),
        "retailer/truth.json": json.dumps(truth, indent=1) + "\n",
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(text.encode("utf-8"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent, help="folder to write into")
    generate(parser.parse_args().out)
