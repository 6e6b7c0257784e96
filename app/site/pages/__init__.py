"""`/pages`: texts of the site that editors write, such as the overview."""
