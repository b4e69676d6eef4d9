"""Merging the rows of a guest into an account."""
