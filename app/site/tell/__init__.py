"""`/tell`: readers' messages to the editors."""
