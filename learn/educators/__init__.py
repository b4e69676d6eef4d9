"""How somebody becomes an educator: by a link that works once."""
