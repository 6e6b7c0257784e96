"""Maps as SVG: the outline of the world, and dots of cities with their labels."""
