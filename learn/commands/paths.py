"""Arguments that are files or folders. The code that opens them reports what is wrong."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import CompletionItem


def complete_folder(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Let the shell complete the names of folders only."""
    return [CompletionItem(incomplete, type="dir")]


PATH = click.Path(readable=False, path_type=Path)
