"""The queries of pages other than lists: context of an event, changes, measures, fingerprints."""
