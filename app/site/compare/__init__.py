"""`/compare`: two to four places side by side."""
