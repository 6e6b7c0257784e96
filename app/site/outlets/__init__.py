"""`/outlets/…`: the page of an outlet."""
