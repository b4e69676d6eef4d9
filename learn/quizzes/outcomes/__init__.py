"""How a quiz went."""
