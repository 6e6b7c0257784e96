"""`/figure`: a chart as a file for print."""
