"""How alike images are to the true ones; both in [0, 1], one a row."""
import torch
from torch.nn.functional import avg_pool2d

WINDOW = 7
CONSTANTS = 0.01**2, 0.03**2


def ssim(images, truth, shape):
    """Structural similarity of each row, in [-1, 1].

    Means over all WINDOW x WINDOW windows within the image, uniform weights,
    unbiased variances. Z. Wang, A. Bovik, H. Sheikh and E. Simoncelli, Image
    quality assessment, IEEE Trans. Image Process. 13(4), 2004,
    doi:10.1109/TIP.2003.819861.

    Parameters
    ----------
    images, truth : ndarray, shape (n_images, n_pixels)
    shape : (int, int)

    Returns
    -------
    ndarray, shape (n_images,)
    """
    size = min(WINDOW, *shape)
    x, y = (torch.as_tensor(v, dtype=torch.float64).reshape(-1, 1, *shape)
            for v in (images, truth))

    def mean(v):
        return avg_pool2d(v, size, stride=1)

    unbiased = size**2 / max(size**2 - 1, 1)
    mean_x, mean_y = mean(x), mean(y)
    var_x, var_y, covariance = (
        unbiased * (mean(a * b) - mean(a) * mean(b))
        for a, b in ((x, x), (y, y), (x, y)))
    c1, c2 = CONSTANTS
    values = ((2 * mean_x * mean_y + c1) * (2 * covariance + c2)
              / ((mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2)))
    return values.mean(dim=(1, 2, 3)).numpy()
