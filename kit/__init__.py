"""Things with no shop word in them: settings, stores, messages, the outbox, errors, words."""
