"""What pages read beyond lists: the context of an event, changes, measures, fingerprints."""
