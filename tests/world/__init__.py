"""A world with a seed: platforms that misbehave, people who buy, faults that kill, and a checker of what must hold.

One integer makes the plan: the shops, what each person wants, which messages are doubled or held back, what is killed
and after how long. Real time and the scheduling of processes are not in it: a second run of a seed meets the same
people and the same faults, not the same microseconds.
"""
