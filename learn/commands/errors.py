"""Why a command can't be done, in a message and an exit code."""

from __future__ import annotations

from typing import IO, Any

import click


class CommandError(click.ClickException):
    """What can't be done: the message goes to stderr as it is, and the exit code is 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the message."""
        click.echo(self.message, file=file, err=True)


class UnreadableError(CommandError):
    """What can't be read, where exit code 1 says something else already."""

    exit_code = 2


def to_command_error(error: Exception) -> CommandError | None:
    """Word an error that whoever runs the command can mend; None for all others."""
    from sqlalchemy.exc import ArgumentError

    from learn.config import ConfigError
    from learn.schema import SchemaError
    from questions.reading import ContentError

    match error:
        case ContentError():
            count = len(error.faults)
            return CommandError(f"{error}\n{count} fault{'' if count == 1 else 's'}.")
        case ConfigError() | SchemaError():
            return CommandError(str(error))
        case ArgumentError():
            return CommandError("DATABASE_URL is not the address of a database.")
    return None
