"""Back up the database to one file, check such a file, and restore it."""
