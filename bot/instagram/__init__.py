"""Instagram direct messages and comments: what Meta's webhook brought (`receive`) and how we answer (`send`)."""
