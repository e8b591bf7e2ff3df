"""Charts, tables and documents from the figures. Knows neither the window nor the database."""
