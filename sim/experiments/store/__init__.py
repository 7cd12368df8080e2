"""A store of finished futures: what was lived once is not lived again.

A future is one scenario lived with one seed from one past. Its key is a hash of all that
determines it, the model's sources among them, so that a run that is found is the run that would
be lived, to the bit.
"""

from sim.experiments.store.store import Store

__all__ = ["Store"]
