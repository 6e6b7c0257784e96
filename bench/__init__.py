"""What pages cost, measured on the seeds and beside their budgets: `make bench`."""
