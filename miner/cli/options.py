"""The options of `run` and `inspect`, made from the settings that declare them, and the settings they make."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from inspect import Parameter
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from miner.errors import InputError, MinerError, UsageError
from miner.pipeline.mapping import with_mapping_file
from miner.pipeline.option import Option
from miner.pipeline.settings import Settings, declared

T = TypeVar("T")
U = TypeVar("U")

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE...",
        help="Files, folders, .zip or .gz. The type is detected from the content; KIND:PATH overrides it.",
    ),
]
_MAPPING = "per_source"  # its option names a file that says other settings, too


def typer_option(name: str) -> Any:
    """The option of a setting, for a command that takes it alone."""
    return _typer_option(declared()[name][0])


def _typer_option(option: Option) -> Any:
    return typer.Option(option.flag, metavar=option.metavar, help=option.help)


Keys = Annotated[str | None, typer_option("keys")]


@dataclass(frozen=True)
class Given:
    """The options of a command as they were typed, by the names of their settings."""

    values: dict[str, Any] = field(default_factory=dict)

    def settings(self) -> Settings:
        """The settings that they make; raises UsageError or InputError with all that is wrong."""
        wrong: list[MinerError] = []
        read = {name: _tried(wrong, self._read, name) for name in declared() if name != _MAPPING}
        # What could not be read is left out, so that what else is wrong is found as well.
        readable = {name: value for name, value in read.items() if value is not None}
        made = _tried(wrong, lambda given: Settings(**given), readable)
        if mapping := self.values.get(_MAPPING):
            made = _tried(wrong, lambda path: with_mapping_file(made or Settings(), path), Path(mapping))
        if wrong or made is None:
            # A wrong command is said as such even where a file is wrong, too.
            kind = UsageError if any(isinstance(error, UsageError) for error in wrong) else InputError
            raise kind([problem for error in wrong for problem in error.problems])
        return made

    def _read(self, name: str) -> Any:
        """The value of a setting; None where nothing was typed."""
        option, value = declared()[name][0], self.values.get(name)
        if option.opposite:
            return self._flag(name, option, option.opposite)
        if value is None:
            return None
        if option.read:
            return option.read(value)
        return tuple(value) if isinstance(value, list) else value

    def _flag(self, name: str, option: Option, opposite: Option) -> bool | None:
        yes, no = self.values.get(name), self.values.get(_opposite(name))
        if yes and no:
            raise UsageError(
                f"{option.flag} and {opposite.flag} exclude each other", fix="give the one that matches the dates"
            )
        return bool(yes) if yes or no else None

    def words(self) -> list[str]:
        """The words of a command line that give the same options; --map is left to who asks."""
        words: list[str] = []
        for name, (option, default) in declared().items():
            value = self.values.get(name)
            if option.opposite and self.values.get(_opposite(name)):
                words.append(option.opposite.flag)
            if name != "columns" and value and value != default:
                texts = value if isinstance(value, list) else [value]
                words += [option.flag] if value is True else [w for text in texts for w in (option.flag, _word(text))]
        return words


def _opposite(name: str) -> str:
    return f"not_{name}"


def _word(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def with_options(only_reading: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of the settings in place of its parameter `given`."""
    names = [name for name, (option, _) in declared().items() if option.is_for_reading or not only_reading]
    options = [parameter for name in names for parameter in _parameters(name)]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def filled(**arguments: Any) -> None:
            values = {option.name: arguments.pop(option.name) for option in options}
            command(**arguments, given=Given(values))

        parameters: list[Parameter] = []
        for own in inspect.signature(command, eval_str=True).parameters.values():
            parameters += options if own.name == "given" else [own.replace(kind=Parameter.KEYWORD_ONLY)]
        filled.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        filled.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return filled

    return decorate


def _parameters(name: str) -> Iterator[Parameter]:
    """What typer reads of a setting's option: its type, and the default to show."""
    option, default = declared()[name]
    if option.opposite:
        yield _parameter(name, option, bool, False)
        yield _parameter(_opposite(name), option.opposite, bool, False)
    elif name == "columns" or (isinstance(default, tuple) and not option.read):
        yield _parameter(name, option, list[str] | None, None)
    elif isinstance(default, (bool, float, str)):
        yield _parameter(name, option, type(default), default)
    else:
        yield _parameter(name, option, str | None, None)


def _parameter(name: str, option: Option, kind: Any, default: Any) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, _typer_option(option)])


def _tried(wrong: list[MinerError], read: Callable[[T], U], value: T) -> U | None:
    """What `read` makes of a value; None where it is wrong, which is kept."""
    try:
        return read(value)
    except (UsageError, InputError) as error:
        wrong.append(error)
        return None
