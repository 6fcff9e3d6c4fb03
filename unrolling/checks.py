"""What the solvers of the library accept, and what they warn of."""
import sys
import warnings

import numpy as np
from scipy.sparse import csc_array, issparse


def as_reals(name, array, sparse=False):
    """An array in float64, in C order or by columns where it is sparse.

    ValueError says what is no array of real numbers, and what to pass.
    """
    if issparse(array):
        if not sparse:
            raise ValueError(
                f"{name} must be a dense array here, got a sparse "
                f"{type(array).__name__}: pass {name}.toarray()")
        if np.iscomplexobj(array):
            raise ValueError(f"{name} must be real, got {array.dtype}")
        return csc_array(array, dtype=float)
    try:
        values = np.asarray(array)
        if values.dtype.kind not in "biuf":
            raise TypeError(f"its dtype is {values.dtype}")
        if np.ma.is_masked(array):
            raise TypeError("some entries are masked")
        return np.asarray(values, dtype=float, order="C")
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(
            f"{name} must be an array of real numbers, got "
            f"{type(array).__name__} ({error}): pass a numpy array (of a "
            "tensor, tensor.double().numpy(force=True))"
        ) from error


def check_fit(name, column, A, x):
    """Check what a data fit ||x - A u||^2 consists of, as `check_lasso` does.

    Parameters
    ----------
    name, column : str
        What the matrix is called, and what one of its columns is.
    A : ndarray or scipy sparse array, shape (n_dim, n_coefs)
    x : ndarray, shape (n_samples, n_dim)
    """
    check_shapes(name, column, A, x)
    check_finite(name, A, x)


def check_shapes(name, column, A, x):
    """ValueError unless the shapes are those that `check_fit` says."""
    for array_name, array in ((name, A), ("x", x)):
        if np.ndim(array) != 2:
            raise ValueError(
                f"{array_name} must be a 2-D array, got shape "
                f"{np.shape(array)}; {name} is (n_dim, n_{column}s), x "
                "is (n_samples, n_dim)"
            )
    if not A.shape[1]:
        raise ValueError(
            f"{name} must have at least one {column} (column), got shape "
            f"{A.shape}")
    if x.shape[1] != A.shape[0]:
        raise ValueError(
            f"x must have {A.shape[0]} columns (n_dim, the rows of {name}), "
            f"got shape {x.shape}; samples are rows"
        )


def check_finite(name, A, x):
    """ValueError unless the matrix of this name and x are finite."""
    if not np.isfinite(atom_peaks(A)).all():
        raise not_finite(name, A.data if issparse(A) else A)
    if not np.isfinite(x).all():
        raise not_finite("x", x)


def check_lmbd(lmbd, n_samples, name="lmbd"):
    """ValueError unless these are positive numbers, one or one a sample."""
    if (np.ndim(lmbd) > 1 or np.size(lmbd) not in (1, n_samples)
            or not np.all(np.asarray(lmbd) > 0)
            or not np.isfinite(lmbd).all()):
        raise ValueError(
            f"{name} must be positive, one number or one per sample "
            f"({n_samples}), got {lmbd}"
        )


def atom_peaks(D):
    """The largest |entry| of each atom, (n_atoms,), NaN where one is NaN."""
    if issparse(D):
        return abs(D).max(axis=0).toarray().ravel()
    return np.maximum(D.max(axis=0, initial=0), -D.min(axis=0, initial=0))


def not_finite(name, values):
    """The error that says how many entries are not finite."""
    return ValueError(
        f"{name} must be finite, got {np.sum(~np.isfinite(values))} NaN or "
        "infinite entries: drop or impute them first")


def one_lmbd(lmbd):
    """The penalty of a network, a float; ValueError unless it is a positive
    number."""
    if np.ndim(lmbd):
        raise ValueError(
            "lmbd must be one number for all samples of a network, got "
            f"shape {np.shape(lmbd)}: scale the samples instead")
    try:
        lmbd = float(lmbd)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"lmbd must be a positive number, got {lmbd!r}") from error
    check_lmbd(lmbd, 1)
    return lmbd


def same_shape(v, t, z):
    """z, or a ValueError where t has broadcast v to another shape."""
    if z.shape != v.shape:
        raise ValueError(
            f"t must be broadcastable to v, of shape {tuple(v.shape)}, got "
            f"shape {tuple(t.shape)}: thresholds of samples are a column")
    return z


def check_regs(regs):
    """ValueError unless these are shares of lmbd_max that a path may take."""
    inside = (regs > 0) & (regs <= 1)
    if regs.ndim != 1 or not len(regs) or not inside.all() or (
            np.diff(regs) >= 0).any():
        raise ValueError(
            "regs must be decreasing numbers in (0, 1], at least one, got "
            f"{regs}: they are shares of lmbd_max, and each solution starts "
            "the next"
        )


def warn(message):
    """Warn, at the user's line: the first that called this package.

    Lines of scikit-learn, which wraps methods of estimators, are passed over.
    """
    frame, level = sys._getframe(1), 2
    while frame.f_back and package_of(frame) in ("unrolling", "sklearn"):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, stacklevel=level)


def package_of(frame):
    """The name of the package whose code a frame runs."""
    return frame.f_globals.get("__name__", "").partition(".")[0]


def warn_above(tol, gap, advice):
    """Warn where a gap is above tol or NaN.

    Parameters
    ----------
    tol : float
    gap : ndarray
    advice : str
        What limits the gap, and what to change.
    """
    above = ~(gap <= tol)
    if above.any():
        warn(
            f"expected relative duality gaps <= {tol:.1e}, got up to "
            f"{gap.max():.1e} on {above.sum()} of {gap.size} problems: "
            f"{advice}")


def warn_of_gaps(tol, gap, rounds, max_rounds, cause):
    """Warn where an active-set method left a gap above tol.

    Parameters
    ----------
    tol : float
    gap, rounds : ndarrays of one shape
        Relative duality gaps, and the rounds that each problem took.
    max_rounds : int
    cause : str
        Where rounding may limit the gap.
    """
    above = ~(gap <= tol)
    advice = []
    if (rounds[above] >= max_rounds).any():
        advice.append(f"raise max_rounds (now {max_rounds}) or tol")
    if (rounds[above] < max_rounds).any():
        advice.append(
            f"rounding limits the gap, not max_rounds, where {cause} or lmbd "
            "is tiny: raise tol or lmbd")
    warn_above(tol, gap, "; ".join(advice))
