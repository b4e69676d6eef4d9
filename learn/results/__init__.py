"""What a group has understood: what to teach again, question by question."""
