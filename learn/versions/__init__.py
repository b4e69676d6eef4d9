"""Every version of a question that was ever served, so that old answers can be read."""
