"""`/desk/articles`: one article and everything entered from it."""
