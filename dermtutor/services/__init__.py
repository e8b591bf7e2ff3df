"""Use cases, and the ports through which they reach storage and generation."""
