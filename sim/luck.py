"""Keyed, stateless luck: a draw depends on seed, process, agent and quarter, and on nothing else.

Two scenarios that share a seed share every draw of an agent that lives in both, however their
populations diverge; the order of rows and the number of workers cannot matter. The generator is
Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"),
used as a hash: the key is the seed, the counter is (agent, quarter, process).
"""

from __future__ import annotations

import math

import numpy as np

from sim.kernel import inlined, kernel, kernel_of

# One code for each use of luck. A code is never reused: two processes with one code would draw
# the same numbers for the same agent. Kernels read these names as compile-time constants.
VOLATILITY = 1
BID_READINESS = 2
PROJECT_QUALITY = 3
PANEL_NOISE = 4
RENEWAL = 5
CANCELLATION = 6
GATE_NOISE = 7
LOTTERY = 8
THEME = 9
SEEK_PARTNER = 12
PARTNER_POOL = 13
PARTNER_PICK = 14
TIE_LAPSES = 16
DRIFT = 17
ARRIVAL = 18
INNOVATION_VALUE = 19
GROWTH_SHOCK = 20
EXIT = 21
SPIN_OFF = 22
SPIN_OUT = 23
ENTRY = 24
ENTRANT = 25
SUPPLIER = 26
SHOCK = 27
BUILD = 28
RING = 29
BIRTH = 30
INITIAL_TIE = 32
INWARD = 33
BROKER = 34
HIRE_ORIGIN = 35
OWN_VIEW = 36
QUALITY_DRIFT = 37

_MASK32 = np.uint64(0xFFFFFFFF)
_SHIFT32 = np.uint64(32)
_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_TWO_53 = 1.0 / 9007199254740992.0


@inlined
def philox(c0, c1, c2, c3, k0, k1):
    """Philox4x32-10: four 32-bit words from a counter of four and a key of two words."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (
            ((p1 >> _SHIFT32) ^ c1 ^ k0) & _MASK32,
            p1 & _MASK32,
            ((p0 >> _SHIFT32) ^ c3 ^ k1) & _MASK32,
            p0 & _MASK32,
        )
        k0 = (k0 + _W0) & _MASK32
        k1 = (k1 + _W1) & _MASK32
    return c0, c1, c2, c3


@inlined
def _pair(seed, process, uid, quarter):
    w0, w1, w2, w3 = philox(
        np.uint64(uid) & _MASK32,
        np.uint64(uid) >> _SHIFT32,
        np.uint64(quarter) & _MASK32,
        (np.uint64(process) ^ (np.uint64(quarter) >> _SHIFT32 << np.uint64(8))) & _MASK32,
        np.uint64(seed) & _MASK32,
        np.uint64(seed) >> _SHIFT32,
    )
    a = ((w0 << np.uint64(21)) ^ (w1 >> np.uint64(11))) & np.uint64((1 << 53) - 1)
    b = ((w2 << np.uint64(21)) ^ (w3 >> np.uint64(11))) & np.uint64((1 << 53) - 1)
    return (np.float64(a) + 0.5) * _TWO_53, (np.float64(b) + 0.5) * _TWO_53


@kernel_of("UniTuple(float64, 2)(int64, int64, int64, int64)")
def uniform_pair(seed, process, uid, quarter):
    """Two independent uniforms in the open interval (0, 1), of 53 bits each.

    ``quarter`` may carry an ordinal in its upper bits where an agent draws more than once.
    """
    return _pair(seed, process, uid, quarter)


@kernel_of("UniTuple(float64[::1], 2)(int64, int64, int64[::1], int64)")
def uniform_pairs(seed, process, uid, quarter):
    """The pairs of all identities in ``uid`` (n,): the same numbers, many at a time.

    One by one a pair takes 14 ns; here the processor works on several at once, in 2 ns. So a
    kernel in which most rows draw asks for all draws first, and the rest are thrown away.
    """
    n = uid.shape[0]
    one, other = np.empty(n), np.empty(n)
    for i in range(n):
        one[i], other[i] = _pair(seed, process, uid[i], quarter)
    return one, other


@kernel_of("float64(int64, int64, int64, int64)")
def uniform(seed, process, uid, quarter):
    """One uniform in (0, 1)."""
    return uniform_pair(seed, process, uid, quarter)[0]


@kernel_of("float64(int64, int64, int64, int64)")
def normal(seed, process, uid, quarter):
    """One standard normal, by Box & Muller (1958)."""
    a, b = uniform_pair(seed, process, uid, quarter)
    return math.sqrt(-2.0 * math.log(a)) * math.cos(2.0 * math.pi * b)


@kernel_of("int64(float64, float64)")
def poisson_from_uniform(rate, u):
    """Poisson count with mean ``rate`` by inversion of one uniform; monotone in ``rate``.

    Monotone, so that two futures with nearly the same rate draw nearly the same count. Above a
    rate of 40 the count is the normal approximation, rounded.
    """
    if rate <= 0.0:
        return 0
    if rate > 40.0:
        # Newton steps on the error function: the compiled library has no normal quantile.
        z = 0.0
        for _ in range(30):
            density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
            step = (0.5 * math.erfc(-z / math.sqrt(2.0)) - u) / max(density, 1e-12)
            step = min(max(step, -0.5), 0.5)
            z -= step
            if abs(step) < 1e-10:
                break
        return max(0, math.floor(rate + z * math.sqrt(rate) + 0.5))
    term = math.exp(-rate)
    total = term
    count = 0
    while u > total and count < 200:
        count += 1
        term *= rate / count
        total += term
    return count


@inlined
def child(parent, quarter, ordinal):
    """As ``child_uid``, put into the loop that calls it: many at a time take 2 ns each, not 14."""
    w0, w1, _, _ = philox(
        np.uint64(parent) & _MASK32,
        np.uint64(parent) >> _SHIFT32,
        np.uint64(quarter) & _MASK32,
        np.uint64(ordinal) & _MASK32,
        np.uint64(BIRTH),
        np.uint64(0),
    )
    # Bit 62 is set, so that no entrant can meet the small identities of the first population.
    return np.int64(
        ((w0 << _SHIFT32) | w1) & np.uint64(0x3FFFFFFFFFFFFFFF) | np.uint64(0x4000000000000000)
    )


@kernel_of("int64(int64, int64, int64)")
def child_uid(parent, quarter, ordinal):
    """Identity of an entrant, derived from its parent, the quarter and its ordinal.

    The same spin-out in two futures has the same identity, and so the same luck ever after.
    """
    return child(parent, quarter, ordinal)


@kernel
def uniforms(seed, process, uid, quarter):
    """One uniform for each identity in ``uid`` (n,)."""
    return uniform_pairs(seed, process, uid, quarter)[0]


@kernel_of("UniTuple(float64[::1], 2)(int64, int64, int64[::1], int64[::1])")
def uniform_pairs_at(seed, process, uid, quarter):
    """As ``uniform_pairs``, each at a ``quarter`` (n,) of its own, with its ordinal."""
    n = uid.shape[0]
    one, other = np.empty(n), np.empty(n)
    for i in range(n):
        one[i], other[i] = _pair(seed, process, uid[i], quarter[i])
    return one, other


@inlined
def _normals_of(a, b):
    for i in range(a.shape[0]):
        a[i] = math.sqrt(-2.0 * math.log(a[i])) * math.cos(2.0 * math.pi * b[i])
    return a


@kernel
def normals(seed, process, uid, quarter):
    """One standard normal for each identity in ``uid`` (n,)."""
    a, b = uniform_pairs(seed, process, uid, quarter)
    return _normals_of(a, b)


@kernel
def normals_at(seed, process, uid, quarter):
    """As ``normals``, each at a ``quarter`` (n,) of its own, with its ordinal."""
    a, b = uniform_pairs_at(seed, process, uid, quarter)
    return _normals_of(a, b)


def name_uid(name: str) -> int:
    """A stable identity for a named thing (a programme, a pot), so that its luck follows it."""
    import hashlib

    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") & 0x3FFFFFFFFFFFFFFF


def process_codes() -> dict[str, int]:
    """Every process that draws luck, by name: for the test that codes are unique."""
    return {k: v for k, v in globals().items() if k.isupper() and isinstance(v, int)}
