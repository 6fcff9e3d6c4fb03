"""What the suite's HTML pages share: one file each, without a network."""
