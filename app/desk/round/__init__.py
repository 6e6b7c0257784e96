"""`/desk/round`: what to look at each week: readers' messages, links to follow, places to check."""
