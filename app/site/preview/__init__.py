"""`/preview`: the picture that other sites show beside a shared link."""
