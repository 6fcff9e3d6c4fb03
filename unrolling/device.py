"""Where a solver runs: the CPU by default, a GPU on request."""
import numpy as np
import torch

from unrolling.checks import as_reals


def unavailable(device, backend="torch"):
    """Why a backend cannot run on a device (a str or torch.device), in a
    sentence; None if it can."""
    device = str(device)
    if backend not in ("numpy", "torch"):
        return f"backend must be numpy or torch, got backend={backend}"
    if device != "cpu" and not device.startswith("cuda"):
        return f"device must be cpu or cuda, got device={device}"
    if device != "cpu" and backend == "numpy":
        return (f"backend=numpy runs on device=cpu, got device={device}: use "
                "backend=torch")
    if device != "cpu" and not torch.cuda.is_available():
        return (f"device={device} but torch sees no GPU: use device=cpu, or "
                "install a torch build with CUDA")
    return None


def place(backend, device, *arrays):
    """The ndarrays as they are (numpy), or as Tensors on a device (torch)."""
    if backend == "numpy":
        return arrays
    return tuple(to_tensor(array, device, dtype=None) for array in arrays)


def to_tensor(array, device, dtype=torch.float64):
    """The array (or None) as a Tensor on a device; no copy on the CPU."""
    if array is None:
        return None
    return torch.as_tensor(array, dtype=dtype, device=device)


def real_tensor(name, values, device="cpu"):
    """Real numbers as a Tensor, without a copy where torch can do without.

    Parameters
    ----------
    name : str
        What they are called in an error.
    values : array-like, or Tensor
        A Tensor stays as it is, where it is.
    device : str
        Where others are put, in float64.

    Raises
    ------
    ValueError
        A sparse or complex array, or no array of numbers.
    """
    if isinstance(values, torch.Tensor):
        if values.is_complex():
            raise ValueError(f"{name} must be real, got {values.dtype}: pass "
                             "its real part, or real and imaginary parts")
        return values
    array = as_reals(name, values)
    # torch warns of arrays that it could not write to, and knows no negative
    # strides
    if not array.flags.writeable or min(array.strides, default=0) < 0:
        array = array.copy()
    return torch.from_numpy(array).to(device)


def to_numpy(values):
    """A Tensor or ndarray as a float64 ndarray on the CPU."""
    if isinstance(values, torch.Tensor):
        values = values.detach().cpu().numpy()
    return np.asarray(values, dtype=np.float64)


def synchronize(device):
    """Wait for a GPU's pending work, so that a clock read next is right."""
    if device != "cpu":
        torch.cuda.synchronize(device)
