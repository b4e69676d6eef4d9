"""How somebody becomes an educator: by an invitation link that works once."""
