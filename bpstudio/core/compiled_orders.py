"""The orders of many epochs by compiled code that holds no interpreter lock.

Each is what ``numpy.random.default_rng([seed, 2, epoch]).permutation(n)`` gives, to the bit. The
words of seed, 2 and epoch are mixed into a pool and drawn out again (M. E. O'Neill's seed_seq_fe,
numpy/random/bit_generator.pyx); her PCG64 (XSL-RR, a state of 128 bits as two words, src/pcg64)
starts from what comes out; and the samples are shuffled from the last on, each place by masked
rejection (`random_interval` in src/distributions). numpy may come to draw otherwise: `orders`
compares before it uses this.

Words are `numpy.uint64`, also where they have 32 bits: beside a plain integer numba would go on in
floating point. Numba notices changes of this file alone, so all that is compiled stands here.
"""

from __future__ import annotations

import numba
import numpy as np
from numba import types
from numpy.typing import NDArray

from bpstudio.core.compiled import OPTIONS, compiled

Word = np.uint64
Words = NDArray[np.uint64]
Integers = NDArray[np.int64]

ZERO, ONE, HALF_WORD, WORD_SIZE = Word(0), Word(1), Word(32), Word(64)
LOW = Word(0xFFFFFFFF)  # the lower half of a word

# seed_seq_fe
XOR_SHIFT = Word(16)
INIT_A, MULTIPLIER_A = Word(0x43B0D7E5), Word(0x931E8875)
INIT_B, MULTIPLIER_B = Word(0x8B51F9DD), Word(0x58F38DED)
MIX_LEFT, MIX_RIGHT = Word(0xCA01F9DD), Word(0x4973F715)
POOL_SIZE = 4

# PCG64
MULTIPLIER_HIGH, MULTIPLIER_LOW = Word(2549297995355413924), Word(4865540595714422341)
ROTATION = Word(58)


@compiled
def hashed(value: Word, a: Word) -> Word:
    """A half word that depends on all bits of the value; ``a`` is what comes after it."""
    value = (value * a) & LOW
    return value ^ (value >> XOR_SHIFT)


@compiled
def absorb(pool: Words, source: Word, into: int, a: Word) -> Word:
    """Mix a half word into one of the pool; → the next ``a``."""
    value = source ^ a
    a = (a * MULTIPLIER_A) & LOW
    mixed = (MIX_LEFT * pool[into] - MIX_RIGHT * hashed(value, a)) & LOW
    pool[into] = mixed ^ (mixed >> XOR_SHIFT)
    return a


@compiled
def fill_pool(entropy: Words, n: int, pool: Words) -> None:
    """The first n half words of entropy, mixed."""
    a = INIT_A
    for i in range(POOL_SIZE):
        value = entropy[i] ^ a if i < n else a
        a = (a * MULTIPLIER_A) & LOW
        pool[i] = hashed(value, a)
    for source in range(POOL_SIZE):
        for into in range(POOL_SIZE):
            if source != into:
                a = absorb(pool, pool[source], into, a)
    for source in range(POOL_SIZE, n):
        for into in range(POOL_SIZE):
            a = absorb(pool, entropy[source], into, a)


@compiled
def draw_seed(pool: Words, seed: Words) -> None:
    """Four words from the pool."""
    b = INIT_B
    for i in range(2 * POOL_SIZE):
        value = pool[i % POOL_SIZE] ^ b
        b = (b * MULTIPLIER_B) & LOW
        half = hashed(value, b)
        if i % 2 == 0:
            seed[i // 2] = half
        else:
            seed[i // 2] |= half << HALF_WORD


@compiled
def high_product(x: Word, y: Word) -> Word:
    """The upper word of x·y."""
    x_low, x_high, y_low, y_high = x & LOW, x >> HALF_WORD, y & LOW, y >> HALF_WORD
    one = x_high * y_low + ((x_low * y_low) >> HALF_WORD)
    other = x_low * y_high + (one & LOW)
    return x_high * y_high + (one >> HALF_WORD) + (other >> HALF_WORD)


@compiled
def add(high: Word, low: Word, state: Words) -> None:
    """state + (high, low), modulo 2^128."""
    state[1] += low
    state[0] += high + (ONE if state[1] < low else ZERO)


@compiled
def step(state: Words) -> None:
    """The next state of PCG64: (high, low) of the state, then of its increment."""
    high, low = state[0], state[1]
    state[0] = high_product(low, MULTIPLIER_LOW) + low * MULTIPLIER_HIGH + high * MULTIPLIER_LOW
    state[1] = low * MULTIPLIER_LOW
    add(state[2], state[3], state)


@compiled
def start(seed: Words, state: Words) -> None:
    """PCG64 as it stands before its first number."""
    state[0], state[1] = Word(0), Word(0)
    state[2] = (seed[2] << ONE) | (seed[3] >> (WORD_SIZE - ONE))
    state[3] = (seed[3] << ONE) | ONE
    step(state)
    add(seed[0], seed[1], state)
    step(state)


@compiled
def next_word(state: Words) -> Word:
    """The next 64 random bits."""
    step(state)
    word, turn = state[0] ^ state[1], state[0] >> ROTATION
    back = (WORD_SIZE - turn) & (WORD_SIZE - ONE)
    return Word((word >> turn) | (word << back))


@compiled
def shuffle(state: Words, orders: Integers, row: int) -> None:
    """0 … n − 1 in random order; of each word first the lower, then the upper half is used."""
    n = orders.shape[1]
    for i in range(n):
        orders[row, i] = i
    mask, kept, has_kept = LOW, ZERO, False
    for i in range(n - 1, 0, -1):
        most = Word(i)
        while mask >> ONE >= most:
            mask >>= ONE
        place = LOW
        while place > most:
            kept = kept >> HALF_WORD if has_kept else next_word(state)
            has_kept = not has_kept
            place = kept & mask
        j = np.int64(place)
        orders[row, i], orders[row, j] = orders[row, j], orders[row, i]


def _fill(
    entropy: Words, pool: Words, seed: Words, state: Words, first: int, orders: Integers
) -> None:
    """The orders of epochs first, first + 1 … into ``orders`` (epochs, n), n below 2^32.

    ``entropy``: the half words of the seed, from the lowest on, then 2, and two places for those
    of an epoch. ``pool``, ``seed`` and ``state`` are scratch of four words: memory of its own
    would take the function longer to compile.
    """
    n = len(entropy) - 2
    for i in range(len(orders)):
        epoch = Word(first + i)
        entropy[n], entropy[n + 1] = epoch & LOW, epoch >> HALF_WORD
        fill_pool(entropy, n + (2 if epoch > LOW else 1), pool)
        draw_seed(pool, seed)
        start(seed, state)
        shuffle(state, orders, i)


_WORDS = types.uint64[::1]
SIGNATURE = types.void(_WORDS, _WORDS, _WORDS, _WORDS, types.int64, types.int64[:, ::1])

fill = numba.njit(cache=True, **OPTIONS)(_fill)
