"""`/desk/purges`: removing a record for safety, everywhere."""
