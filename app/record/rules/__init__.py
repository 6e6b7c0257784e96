"""Rules of docs/rules.md that calculate values from forms: pure functions for `derivation`."""
