"""The seeds' format: approved records as CSV files, written and read."""
