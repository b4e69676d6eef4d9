"""My data: what is stored about a learner, a copy of it, and its deletion."""
