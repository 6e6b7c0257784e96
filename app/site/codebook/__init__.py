"""`/codebook`: every code with its definition."""
