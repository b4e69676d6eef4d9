"""Signing in to an account, and merging the work of a guest into it."""
