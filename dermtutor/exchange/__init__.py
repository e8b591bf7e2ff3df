"""Case sets that leave and arrive: the signed case-set file, and the formats of other teaching programs."""
