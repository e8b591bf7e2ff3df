"""All figures of a learner or a cohort, computed from columns of answers."""
