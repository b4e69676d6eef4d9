"""Notices to learners, shown until they are dismissed."""
