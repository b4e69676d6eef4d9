"""Lessons: their list, and a page for each."""
