"""One static site of all that the other rooms write."""
