"""Move a whole site from one database to another, and check that nothing was lost."""
