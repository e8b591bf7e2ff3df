"""The pages on which case sets are built, looked through and reviewed."""
