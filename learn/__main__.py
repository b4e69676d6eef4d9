"""`python -m learn` is the `learn` command."""

from learn.cli import main

main()
