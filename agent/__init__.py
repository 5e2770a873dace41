"""One turn: what is heard, thought and answered."""
