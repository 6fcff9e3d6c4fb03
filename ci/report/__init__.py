"""Reports: each run as one HTML file, each plot as PDF and SVG."""
