"""Regrading: grade answers again after a key was corrected, and notify their learners."""
