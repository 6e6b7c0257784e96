"""Rules of MODEL.md that calculate values from forms: pure functions, called by `derivation`."""
