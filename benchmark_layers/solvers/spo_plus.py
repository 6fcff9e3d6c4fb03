from benchmark_utils.layer_training import LayerSolver


class Solver(LayerSolver):
    """SPO+, a convex bound of the regret of a predicted input.

    dw = 2 (grad_w L at x*(r) - at x*(2 w - r)), for the right input r. A.
    Elmachtoub and P. Grigas, Smart "predict, then optimize", Manage. Sci.
    68(1), 2022, arXiv:1710.08005, for linear objectives; a regulariser of x
    is linear in an epigraph's variable, whose cost is known to be 1.
    """

    name = "SPO-plus"
    parameters = {"step_size": ["tuned"], "optimizer": ["gd"]}
    test_config = {"dataset": {"name": "Portfolio"}}

    def unfit(self, layer, loss):
        if not hasattr(loss, "inputs"):
            return ("SPO-plus needs targets that are right inputs of the "
                    f"layer, got loss={type(loss).__name__}")
        return None

    def prepare(self):
        self.right, self.far = self.loss.inputs(self.target), None
        self.grad_right = self.layer.grad(self.solve(self.right).x)

    def pullback(self, w, here, dx):
        # from the solution of the step before, as the forward pass
        self.far = self.solve(2 * w - self.right, start=self.far).x
        return 2 * (self.grad_right - self.layer.grad(self.far))
