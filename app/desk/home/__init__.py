"""`/desk`: an editor's own work and the queues."""
