"""Faults of machines and people, injected for real: ``python -m tests.faults --minutes 10``.

With ``--dask``, those of a computing cluster.
"""
