"""`python -m learn` is the `learn` command."""

from learn.commands import main

main(prog_name="learn")
