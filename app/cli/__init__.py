"""The `sojourn` command: one module for each group of commands. Only this package uses Typer."""
