"""Commands for leads, and the states of leads and messages. Used by inbox, feeds and messages."""
