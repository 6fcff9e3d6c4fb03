"""Noise on the matrices of a layer, for claims about what training does."""
import torch


def perturbed(parameters, size, generator):
    """A layer's parameters with normal noise on its matrices.

    Parameters
    ----------
    parameters : dict of str to Tensor
    size : float
        Norm (Frobenius) of the noise relative to the matrix's.
    generator : torch.Generator

    Returns
    -------
    dict of str to Tensor; all but the matrices are the same tensors.
    """
    changed = dict(parameters)
    for name, value in parameters.items():
        if value.ndim == 2:
            noise = torch.randn(  # the same in single precision
                value.shape, generator=generator, dtype=torch.float64)
            scale = torch.linalg.norm(value).item() / torch.linalg.norm(noise)
            changed[name] = value + size * (scale * noise).to(value)
    return changed
