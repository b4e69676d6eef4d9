"""`python -m learn` is the `learn` command."""

from learn.commands.serve import main

main()
