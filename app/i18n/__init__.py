"""Translation and formats of the interface. Only this package names a locale."""
