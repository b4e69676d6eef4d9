"""A made-up group of learners to look around with, and the banner on every page that says so."""
