from hypothesis import settings

# The machine may be busy with other work; how long an example takes says nothing about the figures here.
settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
