"""Editorial work: questions on hold, and mistakes that readers reported."""
