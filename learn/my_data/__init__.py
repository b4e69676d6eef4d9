"""My data: what is kept about a learner, to see, to take along, and to delete."""
