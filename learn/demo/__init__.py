"""Whether the people in the database are made up, and the words that say so."""
