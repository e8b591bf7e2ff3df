"""The page for educators: results that learners sent, and what they say together."""
