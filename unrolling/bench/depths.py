"""The weights of a learned solver at each depth: from what they are trained.
"""
from unrolling import training
from unrolling.bench.criteria import DEPTHS
from unrolling.bench.trained import cached
from unrolling.weights import Weights, digest


def depth_before(n_layers):
    """The depth before n_layers on the schedule of benchopt's sampling."""
    return max(d for d in [0, *DEPTHS] if d < n_layers)


def better(one, other):
    """The Weights with the lower validation loss, and the seconds of both."""
    best = min(one, other, key=lambda w: w.info["validation_loss"])
    seconds = one.info["seconds"] | other.info["seconds"]
    return best._replace(info=best.info | {"seconds": seconds})


class TrainedDepths:
    """Mixin of `UnrolledSolver`, whose parameters it uses.

    It needs `untrained`, the network; `no_layers`, the Weights that training
    starts from; `samples`, `seed`, and `source`, the digest of all that the
    weights depend on; `weights` is what it remembers, a dict. The info of all
    Weights has "seconds", a dict: what they are trained from, by name, and how
    long that took.
    """

    def make_target(self, x_train, target_train):
        """What outputs shall approach, or None."""
        if self.loss == "semi-supervised":
            return self.untrained.solve(x_train)
        return target_train if self.loss == "supervised" else None

    def untrained_weights(self, n_layers, seconds):
        """Weights of the untrained network, and the seconds that they took, a
        dict."""
        network = self.untrained.with_layers([]).grow(n_layers)
        return Weights(
            network.layers, {"seconds": seconds}, network.shared)

    def trained_weights(self, n_layers):
        """Weights of the network with n_layers, from memory, disk, training.

        They do not depend on which depths were asked for first.
        """
        if self.loss == "none" or n_layers == 0:
            set_up = self.no_layers.info["seconds"]
            return self.untrained_weights(
                n_layers, set_up if self.loss == "none" else {})
        if self.layerwise == "network" or self.descent_steps:
            return self.trained_from(
                depth_before(n_layers) if self.layerwise == "network" else 0,
                n_layers)
        weights = self.trained_scalars(n_layers)
        if any(v.ndim for p in (weights.shared, *weights.layers)
               for v in p.values()):
            weights = self.cached(
                [n_layers, "arrays"], n_layers, lambda: weights, max_iter=0)
            before = depth_before(n_layers)
            if self.layerwise == "best" and before:
                weights = better(
                    weights, self.trained_from(before, n_layers))
        return weights

    def trained_from(self, start, n_layers):
        """Weights trained from those of the depth `start`."""
        return self.cached([n_layers], n_layers, lambda: (
            self.trained_weights(start) if start else self.no_layers))

    def trained_scalars(self, n_layers):
        """Weights whose arrays are untrained."""
        if n_layers == 0:
            return self.no_layers
        before = (depth_before(n_layers)
                  if self.layerwise in ("scalars", "best") else 0)
        return self.cached([n_layers, "scalars"], n_layers, lambda: (
            self.trained_scalars(before)), epochs=0)

    def cached(self, key, n_layers, get_start, **options):
        """Weights from memory or disk under a key, a list, or trained and put
        there."""
        def trained():
            start = get_start()
            network = self.untrained.with_layers(start.layers, start.shared)
            result = self.train(network, n_layers, **options)
            return Weights(network.layers, {
                "seconds": start.info["seconds"] | {name: result.time_s},
                "train_loss": result.train_loss,
                "validation_loss": result.validation_loss,
            }, network.shared)

        name, key = " ".join(map(str, key)), digest(self.source, key)
        if key not in self.weights:
            self.weights[key] = cached(key, trained)
        return self.weights[key]

    def train(self, network, n_layers, **options):
        """Deepen and train a network in place, see `training.fit`; return its
        seconds and its final losses."""
        depths = [n_layers]
        if self.layerwise == "recursive":
            depths = range(len(network.layers) + 1, n_layers + 1) or depths
        results = [training.fit(
            network, depth, *self.samples, guarded=network.guarded,
            descent_steps=self.descent_steps // len(depths),
            layerwise=self.layerwise != "none", seed=self.seed,
            **options)
            for depth in depths]
        return results[-1]._replace(
            time_s=sum(result.time_s for result in results))
