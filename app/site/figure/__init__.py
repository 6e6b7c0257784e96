"""`/figure`: the histogram or chart of a view as a page and as a file for print."""
