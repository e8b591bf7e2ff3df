"""The pages of the window. A page shows what it is given and says by signals what the person wants."""
