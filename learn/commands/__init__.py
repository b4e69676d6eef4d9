"""`learn`: a click group whose subcommands are modules here, imported when they are used."""

from __future__ import annotations

import os
import platform
from importlib import import_module

import click
from click.shell_completion import CompletionItem

from learn.commands.errors import to_command_error
from learn.commands.paths import complete_folder

_COMMANDS = {
    "serve": "serve the site",
    "migrate": "bring the database up to date",
    "backup": "back up the database to one file, while the site runs",
    "restore": "restore a backup",
    "move": "move the site to another database",
    "check": "check lessons and questions",
    "review": "have lessons read by clinicians, and score them",
    "source": "compare the source document with the ledger",
    "versions": "keep every version of each question in files",
    "new": "begin lessons from another document",
    "reports": "list the mistakes that readers reported",
    "analyse": "analyze a table of scores from anywhere",
    "analyze": "the same as “analyse”",
    "educator": "invite educators, list them, remove one",
    "regrade": "grade all answers to a question again, after its key was corrected",
    "demo": "a made-up group to look around with",
}
_MODULES = {"analyze": "analyse"}

_EPILOG = """\
Settings come from the environment: DATABASE_URL, SECRET_KEY and others: see docs/operations.md.
Without any, everything is kept in the folder “instance”: an embedded database and a secret key.
"""


class _LazyGroup(click.Group):
    """A group that imports its subcommands lazily and turns expected errors into messages."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return [*_COMMANDS]

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module = _MODULES.get(name, name)
        command: click.Command = getattr(import_module(f"learn.commands.{module}"), module)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            name = error.command_name
            raise click.exceptions.NoSuchCommand(name, possibilities=_COMMANDS, ctx=ctx) from None

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([*_COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete command names, without importing the commands, and options."""
        completions = [
            CompletionItem(n, help=h) for n, h in _COMMANDS.items() if n.startswith(incomplete)
        ]
        return [*completions, *click.Command.shell_complete(self, ctx, incomplete)]

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            if refusal := to_command_error(error):
                raise refusal from error
            raise


@click.group(
    cls=_LazyGroup, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option(
    "--content",
    metavar="FOLDER",
    shell_complete=complete_folder,
    help="lessons and questions in place of the built-in ones",
)
@click.version_option(
    package_name="learn-all",
    message=f"Learn ALL %(version)s (Python {platform.python_version()})",
)
def main(content: str | None) -> None:
    """Learn ALL: lessons and quizzes to understand acute lymphoblastic leukemia.

    Exit codes: 0 done, 1 not possible, 2 not understood.
    """
    if content:
        os.environ["LEARN_CONTENT"] = content  # for this process and its workers
