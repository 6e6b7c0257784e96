"""`/codebook`: every code with its definition and number of uses."""
