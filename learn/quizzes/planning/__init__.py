"""Which quizzes there are, and which questions an attempt asks."""
