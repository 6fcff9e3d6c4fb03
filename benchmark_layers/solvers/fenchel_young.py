from benchmark_utils.layer_training import LayerSolver


class Solver(LayerSolver):
    """The Fenchel-Young loss: no derivative of the layer is asked for.

    dw = grad_w L(target, w) - grad_w L(x*, w) is the gradient of
    L(target, w) - min_x L(x, w), which is convex in w, at least 0, and 0 only
    if x*(w) is the target, or the solution for the right input. M. Blondel, A.
    Martins and V. Niculae, Learning with Fenchel-Young losses, J. Mach. Learn.
    Res. 21(35), 2020, arXiv:1901.02324.
    """

    name = "Fenchel-Young"
    parameters = {"step_size": ["tuned"], "optimizer": ["gd"]}

    def prepare(self):
        self.right = self.layer.grad(
            self.loss.solutions(self.target, self.solve))

    def pullback(self, w, here, dx):
        return self.right - self.layer.grad(here.x)
