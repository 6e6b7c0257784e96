"""`/desk/review`: decide on submitted drafts, publish approved ones, withdraw published records.

`commands` returns, approves and publishes; `queues` lists what waits; `batch` and `imports` decide
on many drafts at once.
"""
