"""What learners are told once, until they put it away."""
