"""The lessons: the list, and one a page."""
