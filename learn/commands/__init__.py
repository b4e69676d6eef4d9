"""The `learn` command."""
