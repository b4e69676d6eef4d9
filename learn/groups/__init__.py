"""Groups, for the educators who lead them: create, rename, manage the join code, archive."""
