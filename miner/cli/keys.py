"""`miner keys`: the keys that pseudonyms are made with."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from miner.cli.options import Keys


class Action(StrEnum):
    """What to do with the keys."""

    show = "show"
    new = "new"
    rotate = "rotate"


def keys(
    action: Annotated[
        Action,
        typer.Argument(metavar="[show|new|rotate]", help="Show the keys' location, create new keys, or rotate them."),
    ] = Action.show,
    given: Keys = None,
) -> None:
    """Show, make or change the keys of the pseudonyms.

    Who has the keys can find out who a pseudonym is by trying; who has not can't. Keep a copy of the file in a safe
    place: with other keys everybody gets another pseudonym, and `miner forget` no longer finds them by name.
    `rotate` makes new keys and lays the old ones beside them.

    Examples:

        miner keys

        miner keys new --keys retail

        miner keys rotate --keys retail
    """
    from miner import privacy
    from miner.errors import UsageError

    try:
        _do(action, given)
    except OSError as error:
        raise UsageError(
            f"the keys {privacy.location(given)} cannot be written: {error.strerror or error}",
            fix="name another file with --keys",
        ) from None
    loaded = privacy.load(given)
    typer.echo(f"file         {loaded.path}\nfingerprint  {loaded.fingerprint}\nmade         {loaded.created}")


def _do(action: Action, given: str | None) -> None:
    from miner import privacy
    from miner.errors import UsageError

    path = privacy.location(given)
    if action is Action.rotate:
        if not privacy.there(path):
            raise UsageError(f"no key file {path}", fix="create one with: miner keys new")
        _, aside = privacy.rotate(given)
        typer.echo(f"the old keys are {aside} now; delete them when no workspace needs them any more")
    elif action is Action.new:
        if privacy.there(path):
            raise UsageError(f"key file {path} exists already", fix="to replace the keys: miner keys rotate")
        privacy.load(given or str(path))
    elif not privacy.there(path):
        typer.echo(f"{path}: not created yet; the first run creates it")
        raise typer.Exit
