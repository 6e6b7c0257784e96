"""`/desk/vocabulary`: adding, renaming and retiring codes."""
