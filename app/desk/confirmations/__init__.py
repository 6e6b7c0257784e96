"""Acts that one person asks for and a second one confirms: withdrawing, publishing again, merging, purging.

An urgent hide takes effect at once and is confirmed afterwards.
"""
