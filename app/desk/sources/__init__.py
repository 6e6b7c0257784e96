"""`/desk/sources`: articles and the records entered from them."""
