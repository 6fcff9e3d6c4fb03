"""Published claims: what one is, running them, judging them, their page."""
