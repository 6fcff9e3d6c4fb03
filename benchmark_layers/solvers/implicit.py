from benchmark_utils.layer_training import LayerSolver


class Solver(LayerSolver):
    """The exact derivative of x*(w), by the implicit function theorem.

    dw = J' dx, where J is the derivative on the face or support that x* is
    on; it costs no further solve, and a linear system where L is quadratic.
    B. Amos and J. Z. Kolter, OptNet: differentiable optimization as a layer
    in neural networks, ICML 2017, arXiv:1703.00443.
    """

    name = "Implicit"
    parameters = {"step_size": ["tuned"], "optimizer": ["gd"]}

    def pullback(self, w, here, dx):
        return self.layer.adjoint(w, here, dx)
