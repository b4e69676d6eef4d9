"""Quizzes: planning an attempt, taking it one question at a time, and its outcome."""
