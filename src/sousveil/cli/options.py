"""The options that every command takes, gathered into one session."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sousveil.cli.terminal import progress_for
from sousveil.progress import Progress

if TYPE_CHECKING:
    from sousveil.case import Case
    from sousveil.intake.asked import Asked

Command = Callable[..., None]


@dataclass(frozen=True)
class Session:
    """How this call wants to be answered, and on which case."""

    as_json: bool
    quiet: bool
    debug: bool
    """Acted on at the boundary, in `sousveil.__main__`."""
    folder: Path = Path()
    key: Path | None = None

    def progress(self, first: str) -> Progress:
        """Progress for this call; `first` is said at once, before anything slow is imported."""
        progress = progress_for(quiet=self.quiet, machine=self.as_json)
        progress.stage(first)
        return progress

    def reading(self) -> Case:
        """The case, to look at what needs neither its vault nor that nobody else is at work."""
        from sousveil.case import Case

        return Case.open(self.folder, self.key)

    @contextmanager
    def case(self, *, make: bool = False, promised: Mapping[str, Any] | None = None) -> Iterator[Case]:
        """The case, held against a second process; with `make`, made where there is none.

        `promised` are settings of its policy; raises `MixedRegime` where it was made with others.
        """
        from sousveil.case import Case
        from sousveil.errors import NotACase

        try:
            str(self.folder).encode()
        except UnicodeEncodeError:
            raise NotACase(
                "the path of a case must be valid UTF-8", next="give another folder with --case"
            ) from None
        is_new = make and not (self.folder / "case.toml").exists()
        case = _made(self, promised or {}) if is_new else Case.open(self.folder, self.key)
        try:
            _as_promised(case, promised or {})
            with case.held(click.get_current_context().command_path):
                case.ledger.verify()
                case.may_start_anew = make
                yield case
        finally:
            case.close()


def _made(session: Session, promised: Mapping[str, Any]) -> Case:
    from sousveil.case import Case
    from sousveil.policy import Policy

    return Case.make(session.folder, session.key, policy=Policy.read(dict(promised)))


def _as_promised(case: Case, promised: Mapping[str, Any]) -> None:
    """Raise `MixedRegime` where a case that stands has another regime or budget than this call wants."""
    from sousveil.errors import MixedRegime

    for name, value in promised.items():
        if getattr(case.policy, name) != value:
            raise MixedRegime(
                "the case was made with another regime or budget, and these can't be changed",
                where={"setting": name},
            )


class GivenPath(click.Path):
    """A path that a person gives; an empty one (a variable that is not set) is not the folder we are in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Fails where it is empty."""
        if value == "":
            self.fail("the path is empty", param, ctx)
        return super().convert(value, param, ctx)


_COMMON = (
    click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout, failures included."),
    click.option("--quiet", is_flag=True, help="No progress and no messages but errors."),
    click.option("--debug", is_flag=True, help="On a fault, show the lines of code (never values)."),
)
_CASE = (
    click.option(
        "--case",
        "folder",
        type=GivenPath(path_type=Path, file_okay=False, readable=False),
        required=True,
        help="The folder of the case.",
    ),
    click.option(
        "--key",
        type=GivenPath(path_type=Path, dir_okay=False, readable=False),
        help="Your key file (default: SOUSVEIL_KEY, else ~/.config/sousveil/key.txt).",
    ),
)
_ASKED = (
    click.option(
        "--password-file",
        type=GivenPath(path_type=Path, dir_okay=False, readable=False),
        help="Passwords of encrypted archives, one a line; they are tried in this order and kept nowhere.",
    ),
    click.option(
        "--insist-on-jail",
        is_flag=True,
        help='Read nothing where this system can\'t jail the parsers fully (the policy jail = "insist").',
    ),
)
_NAMES = ("as_json", "quiet", "debug", "folder", "key")


def common(function: Command) -> Command:
    """`--json`, `--quiet`, `--debug`; the function gets them as its first argument, a `Session`."""

    @functools.wraps(function)
    def called(**given: Any) -> None:
        function(Session(**{name: given.pop(name) for name in _NAMES if name in given}), **given)

    return _options(called, _COMMON)


def with_case(function: Command) -> Command:
    """`--case` and `--key` besides the common options."""
    return _options(common(function), _CASE)


_REGIME = (
    click.option(
        "--regime",
        type=click.Choice(["exact", "noise"]),
        help="For a new case: exact numbers with small groups hidden (default), or numbers with noise.",
    ),
    click.option(
        "--epsilon",
        type=float,
        help="For a new case with noise: the privacy budget of all of its answers (default 1).",
    ),
)


def with_regime(function: Command) -> Command:
    """`--regime` and `--epsilon`, which `promised` makes settings of a policy of."""
    return _options(function, _REGIME)


def promised(regime: str | None, epsilon: float | None) -> dict[str, Any]:
    """The settings of a policy that a call asks for. Raises `UsageError` for a budget without noise."""
    from sousveil.errors import UsageError

    if epsilon is not None and regime != "noise":
        raise UsageError("--epsilon is the budget of noise: it needs --regime noise")
    given = {"regime": regime, "epsilon": epsilon}
    return {name: value for name, value in given.items() if value is not None}


def with_asked(function: Command) -> Command:
    """`--password-file` and `--insist-on-jail`, which `asked_for` makes an `Asked` of."""
    return _options(function, _ASKED)


def asked_for(password_file: Path | None, insist_on_jail: bool) -> Asked:
    """What a person asks of an intake. Raises `BadPasswords`."""
    from sousveil.intake.asked import Asked, read_passwords

    return Asked(insist_on_jail, read_passwords(password_file) if password_file else ())


def _options(function: Command, options: tuple[Callable[[Command], Command], ...]) -> Command:
    for option in reversed(options):
        function = option(function)
    return function
