"""What a learner understands."""
