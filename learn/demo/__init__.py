"""A group of made-up learners to look around with, and the words on every page that say so."""
