"""`/preview`: the picture that other sites show of a shared link."""
