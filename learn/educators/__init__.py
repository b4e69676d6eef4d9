"""How an account becomes an educator: by an invitation link that works once."""
