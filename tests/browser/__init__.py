"""Tests in a real Chromium; they skip with a reason where there is none."""
