"""Periodic work: what is due, and who does it."""

from bot.cron.jobs import JOBS, work
from bot.cron.ticks import Clockwork, Job, Tick

__all__ = ["JOBS", "Clockwork", "Job", "Tick", "work"]
