"""Things with no shop word in them: settings, stores, messages, the outbox, errors, words."""

import os

# numpy's BLAS starts a thread a core and lets them spin: beside anything else that computes, the small products of a
# photo search then take 11 ms each instead of 0.4. Read once, when numpy is imported, so it stands in the first room
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
