"""The rules by which the door derives what follows from what was said: one file a rule, pure functions over forms."""
