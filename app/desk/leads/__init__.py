"""Leads: their states and what can be done with them."""
