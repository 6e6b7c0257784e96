"""`/desk/records/{record}/purge`: removing a record for safety, from the record and the desk."""
