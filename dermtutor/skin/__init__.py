"""Skin optics: colour spaces, tone scales, retoning and tone measurement. numpy only."""
