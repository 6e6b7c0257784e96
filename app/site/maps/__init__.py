"""Maps as SVG: the outline of the world and the dots of cities."""
