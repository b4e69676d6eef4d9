"""A lesson in one's own words, for oneself."""
