"""`/desk/confirmations`: acts that one person requests and a second person confirms.

These acts are withdrawing, publishing again, merging and purging. An urgent hide takes effect at
once and is confirmed afterwards.
"""
