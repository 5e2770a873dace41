"""Pictures: opened safely, recognised, read."""
