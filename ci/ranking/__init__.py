"""Who is how fast: what a report's summary and the landing page say alike."""
