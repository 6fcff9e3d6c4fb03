"""Transposed convolutions as products of matrices, for the generators.

Both layers are `torch.nn.ConvTranspose2d` with the same parameters and, up to
rounding, the same output; a batch takes less time.
"""
from functools import cache

import numpy as np
import torch
from torch import nn
from torch.nn.functional import fold


class FullConvolution(nn.ConvTranspose2d):
    """Stride 1, without padding; the first `keep` rows and columns are kept.

    Images of n pixels a side and a k x k kernel give N = n + k - 1 pixels a
    side, which a cyclic convolution of that period computes without overlap:
    it is a product at each of its N^2 frequencies, of which half are needed,
    and three real products make a complex one. An 8 x 8 output of 4 x 4 inputs
    then has 94 products of channels instead of 400. S. Winograd, Arithmetic
    complexity of computations, SIAM 1980, doi:10.1137/1.9781611970364.

    The weights' spectrum is kept while they are frozen.
    """

    def __init__(self, n_in, n_out, size, keep=None):
        super().__init__(n_in, n_out, size)
        self.keep = keep
        self.kept = None, None

    def __getstate__(self):
        """What copies have: not the spectrum, which was perhaps computed
        within a transform of torch.func, whose tensors have no memory."""
        return super().__getstate__() | {"kept": (None, None)}

    def forward(self, images):
        n, channels, side, _ = images.shape
        keep = self.keep or side + self.kernel_size[0] - 1
        into, spectrum, back = self.transforms(side, keep)
        waves = into @ images.permute(2, 3, 0, 1).reshape(side**2, -1)
        waves = waves.view(-1, n, channels) @ spectrum
        pixels = (back @ waves.flatten(1)).view(keep, keep, n, -1) + self.bias
        return pixels.permute(2, 3, 0, 1)

    def transforms(self, side, keep):
        """The matrices of `cyclic`, that of the weights applied to them."""
        weight, size = self.weight, self.kernel_size[0]
        key = side, weight.dtype, weight.data_ptr(), weight._version
        if self.kept[0] == key and not weight.requires_grad:
            return self.kept[1]
        into, of_weights, back = (
            torch.as_tensor(m).to(weight) for m in cyclic(side, size, keep))
        taps = weight.permute(2, 3, 0, 1).reshape(size**2, -1)
        spectrum = (of_weights @ taps).view(-1, *weight.shape[:2])
        if not weight.requires_grad:
            self.kept = key, (into, spectrum, back)
        return into, spectrum, back


@cache
def cyclic(side, size, keep):
    """X, W, Y with Y ((W w) * (X x)) = the first pixels of w convolved with x.

    x (side^2,) are an image's pixels, w (size^2,) a kernel's taps, * is the
    product of entries. For frequencies that are their own mirror image, X and
    W have a row of cosines; for one of each other pair, with the transforms a
    + ib and c + id, rows of a + b, a, b, and of c, d - c, c + d: a c - b d
    and a d + b c are the first product minus the third, and plus the second.

    Returns
    -------
    ndarrays, shapes (n_products, side^2), (n_products, size^2) and (keep^2,
    n_products)
    """
    period = side + size - 1
    k = np.stack(np.divmod(np.arange(period**2), period))
    mirror = (-k % period).T @ [period, 1]
    alone, paired = (np.flatnonzero(of) for of in (
        mirror == np.arange(period**2), mirror > np.arange(period**2)))

    def rows(n, combine):
        at = np.stack(np.divmod(np.arange(n**2), n))
        wave = np.exp(-2j * np.pi / period * (k.T @ at))
        return np.concatenate([
            wave[alone].real, *combine(wave[paired].real, wave[paired].imag)])

    return (rows(side, lambda a, b: (a + b, a, b)),
            rows(size, lambda c, d: (c, d - c, c + d)),
            rows(keep, lambda e, f: (2 * (e + f), 2 * f, -2 * e)).T
            / period**2)


class FoldedConvolution(nn.ConvTranspose2d):
    """Any stride and padding: each pixel times the kernel, then summed up.

    On a GPU, whose sums of overlapping pixels take longer, it is torch's own.
    """

    def forward(self, images):
        if images.is_cuda:
            return super().forward(images)
        taps = self.weight.flatten(1).T @ images.flatten(2)
        [stride, _], [padding, _] = self.stride, self.padding
        side = (stride * (images.shape[-1] - 1) + self.kernel_size[0]
                - 2 * padding)
        return fold(taps, (side, side), self.kernel_size, stride=stride,
                    padding=padding) + self.bias[:, None, None]
