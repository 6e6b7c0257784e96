"""`/desk/actors`: wordings of sources that may mean one actor."""
