"""Correcting a key: answers are graded again, and their learners are told."""
