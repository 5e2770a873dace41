"""What the commands of `main.py` do, a file each."""
