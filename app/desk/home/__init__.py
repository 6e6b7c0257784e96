"""`/desk`: an editor's own work and what waits for review."""
