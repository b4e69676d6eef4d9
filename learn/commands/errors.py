"""Errors of commands: messages and exit codes."""

from __future__ import annotations

from typing import IO, Any

import click

from learn.commands.terminal import printable

_OWN = {"learn", "questions"}


class CommandError(click.ClickException):
    """Raised when a command fails; the message goes to stderr as it is, with exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message."""
        click.echo(self.message, file=file, err=True)


class UnreadableError(CommandError):
    """Raised when what a file or an argument says can't be used."""

    exit_code = 2


def to_command_error(error: Exception) -> CommandError | None:  # noqa: PLR0911 - one a kind
    """Return the message for an error that the user can correct; None for all others."""
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    from learn.backups.errors import BackupError
    from learn.breaker import outage_scope, reason_of
    from learn.config import ConfigError
    from learn.deletions import DeletionListError
    from learn.moving.errors import MoveError, TargetRefusedError
    from learn.schema import SchemaError
    from questions.reading import InvalidContentError

    match error:
        case InvalidContentError():
            count = len(error.errors)
            return CommandError(f"{error}\n{count} error{'' if count == 1 else 's'}.")
        case ConfigError() | DeletionListError() | TargetRefusedError():
            return UnreadableError(printable(str(error)))
        case MoveError():
            return CommandError(printable(str(error)))
        case BackupError() | SchemaError():
            return CommandError(str(error))
        case ArgumentError():
            return UnreadableError("DATABASE_URL is not the address of a database.")
        case SQLAlchemyError() if outage_scope(error) is not None:
            return CommandError(f"The database can't be used: {printable(reason_of(error))}.")
        case ModuleNotFoundError(name=str(name)) if name.split(".")[0] not in _OWN:
            return CommandError(
                f"The Python package “{name}” is missing.\n"
                "“make clean” and then “make run” install everything again."
            )
    return None
