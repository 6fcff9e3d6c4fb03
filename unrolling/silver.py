"""The silver steps, which accelerate gradient descent without momentum.

J. M. Altschuler and P. A. Parrilo, Acceleration by stepsize hedging II: silver
stepsize schedule for smooth convex optimization, Math. Program., 2024,
arXiv:2309.16530; of the proximal gradient: J. Bok and J. M. Altschuler,
Accelerating proximal gradient descent via silver stepsizes, 2024,
arXiv:2412.05497.
"""

SILVER = 1 + 2**0.5
"""The silver ratio."""


def silver_step(t):
    """The step of iteration t = 1, 2, ..., in the unit 1/L.

    It is 1 + SILVER^(k - 1), with 2^k the largest power of 2 that divides t:
    rare long steps, after which the cost is high for a while. The rate is
    that of the iterations 2^k - 1.
    """
    k = (t & -t).bit_length() - 1
    return 1 + SILVER ** (k - 1)
