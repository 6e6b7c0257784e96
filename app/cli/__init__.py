"""The `sojourn` command: one file for each group of commands."""
