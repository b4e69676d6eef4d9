"""A learner's record: what several pages read of it."""
