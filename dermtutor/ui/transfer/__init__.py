"""The page that puts a disease onto a photograph of healthy skin."""
