"""The language of the interface: translated messages and formats. Only this package names a locale."""
