"""The generators' layers are torch's transposed convolutions."""
import copy
import warnings

import pytest
import torch
from torch.nn.functional import conv_transpose2d

CASES = {
    "4 of 5": ("full", 4, {"size": 5}),
    "kept": ("full", 4, {"size": 5, "keep": 7}),
    "odd period": ("full", 7, {"size": 5}),
    "larger kernel": ("full", 2, {"size": 6}),
    "one pixel": ("full", 1, {"size": 3}),
    "stride": ("folded", 5, {"kernel_size": 8, "stride": 2}),
    "padding": ("folded", 4, {"kernel_size": 4, "stride": 2, "padding": 1}),
}
EACH = pytest.mark.parametrize("case", CASES)


def make_layer(suite, case):
    """A layer with random weights in double, and images for it."""
    kind, side, options = CASES[case]
    torch.manual_seed(0)
    layer = {"full": suite.transposed.FullConvolution,
             "folded": suite.transposed.FoldedConvolution}[kind](
                 3, 2, **options).double()
    return layer, torch.randn(6, 3, side, side, dtype=torch.float64)


def expected(layer, images):
    """What torch's own function makes of them."""
    keep = getattr(layer, "keep", None)
    return conv_transpose2d(
        images, layer.weight, layer.bias, layer.stride, layer.padding)[
            ..., :keep, :keep]


@EACH
def test_the_convolution_is_that_of_torch(suite, case):
    """Up to rounding: about a hundred terms of order one."""
    layer, images = make_layer(suite, case)
    torch.testing.assert_close(
        layer(images), expected(layer, images), rtol=0, atol=1e-12)
    layer, images = layer.float(), images.float()
    torch.testing.assert_close(
        layer(images), expected(layer, images), rtol=0, atol=1e-4)


@EACH
def test_derivatives(suite, case):
    """In the images and in the parameters, whether frozen or not."""
    layer, images = make_layer(suite, case)
    names = dict(layer.named_parameters())

    def output(images, *parameters):
        return torch.func.functional_call(
            layer, dict(zip(names, parameters, strict=True)), (images,))

    assert torch.autograd.gradcheck(
        output, (images[:2].requires_grad_(), *names.values()))
    layer.requires_grad_(False)
    assert torch.autograd.gradcheck(layer, images[:2].requires_grad_())


@pytest.mark.parametrize("change", ["in place", "data", "loaded", "copied"])
def test_frozen_weights_may_still_change(suite, change):
    """What is kept of them is not that of the weights before."""
    layer, images = make_layer(suite, "kept")
    layer.requires_grad_(False)
    layer(images)
    if change == "copied":
        layer = copy.deepcopy(layer)
    if change == "data":
        layer.weight.data = 2 * layer.weight.data
    elif change == "loaded":
        layer.load_state_dict({
            name: 2 * value for name, value in layer.state_dict().items()})
    else:
        layer.weight *= 2
    torch.testing.assert_close(
        layer(images), expected(layer, images), rtol=0, atol=1e-12)


@EACH
def test_a_copy_after_forward_mode(suite, case):
    """It is that of a layer, which keeps nothing of the transform."""
    layer, images = make_layer(suite, case)
    layer.requires_grad_(False)
    with warnings.catch_warnings(action="ignore"):  # torch's own, of torch.jit
        torch.func.jvp(layer, (images,), (images,))
    torch.testing.assert_close(
        copy.deepcopy(layer)(images), layer(images), rtol=0, atol=0)


@pytest.mark.parametrize(("side", "size", "n_products"), [
    (4, 5, 94), (7, 5, 181), (1, 1, 1)])
def test_products_of_channels(suite, side, size, n_products):
    """One for a frequency that is its own mirror image, three for two."""
    matrices = suite.transposed.cyclic(side, size, side + size - 1)
    assert [m.shape for m in matrices] == [
        (n_products, side**2), (n_products, size**2),
        ((side + size - 1)**2, n_products)]
