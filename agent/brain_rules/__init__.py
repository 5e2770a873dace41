"""The brain that needs no key: lexicons and a small dialogue policy."""
