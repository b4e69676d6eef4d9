"""What a learner understands so far."""
