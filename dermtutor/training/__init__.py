"""Training and evaluation of the learned generator. The application never imports this package."""
