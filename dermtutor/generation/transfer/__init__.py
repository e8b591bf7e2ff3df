"""Puts generated lesions onto photographs of healthy skin."""
