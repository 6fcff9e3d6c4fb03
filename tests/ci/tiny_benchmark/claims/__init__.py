"""Two claims: one that holds, and one that does not."""
