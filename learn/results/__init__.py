"""What a group has understood: what to teach next, first answers, and each question."""
