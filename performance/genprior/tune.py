"""Steps and penalties of `benchmark_genprior/benchmark_utils/tuned.py`.

[OMP_NUM_THREADS=1] python performance/genprior/tune.py [--solver ADMM ...]
[--added box tv latent]

Nine values, or three by three, are tried for each method and loss, and where
the best is at an end of the grid, values beyond it, until it is not. They run
on 20 images that the generator of Digits was trained on, not on test images;
the one with the least mean value, L + R + H, after 300 iterations is printed,
with the values of all below it. An end that is still the best is marked. Steps
are tuned on L alone; with --added the same is tried with a regulariser, or the
latents' prior, and the tuned ones' value over the least says what they miss.
"""
import argparse
from itertools import product

from problems import load_data, load_objective, load_solver, with_images

PROBLEMS = {"l2": ("compressed_sensing", 0.3),
            "amplitude": ("phase_retrieval", 2.0),
            "l1": ("denoise_l1", 0.1), "linf": ("denoise_linf", 0.1)}
N_IMAGES, N_ITER, MOST_EXTENSIONS = 20, 300, 4
STEPS = [0.03, 0.1, 0.3, 0.7, 1.5, 3.0, 6.0, 12.0, 24.0]
LATENT_STEPS = [0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 2.0]
FEW_STEPS, FEW_RHOS = [3.0, 8.0, 20.0], [0.3, 1.5, 6.0]
FEW_LATENT_STEPS = [0.1, 0.3, 1.0]
RHOS = [0.03, 0.1, 0.3, 0.5, 1.0, 2.0, 3.0, 10.0, 30.0]
ADDED = {"none": {}, "box": {"regulariser": "box"},
         "tv": {"regulariser": "tv"}, "latent": {"mu": 0.01}}
GRIDS = {
    "GD": {"step_size": STEPS}, "Momentum-GD": {"step_size": STEPS},
    "Adam": {"step_size": LATENT_STEPS}, "PGD": {"step_size": STEPS},
    "Linear-ADMM": {"rho": FEW_RHOS, "step_size": FEW_STEPS},
    "ADMM": {"rho": FEW_RHOS, "step_size": FEW_STEPS},
    "ADMM-Gauss-Newton": {"rho": RHOS},
    "ADMM-Adam": {"rho": FEW_RHOS, "step_size": FEW_LATENT_STEPS},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--solver", nargs="+", default=list(GRIDS))
    parser.add_argument("--added", nargs="+", choices=ADDED,
                        default=["none"])
    options = parser.parse_args()
    data = load_data("Digits")
    data = with_images(data, data["images_train"][:N_IMAGES])
    for added, (loss, (problem, level)) in product(
            options.added, PROBLEMS.items()):
        objective = load_objective(
            data, problem=problem, level=level, n_restarts=1, **ADDED[added])
        for name in options.solver:
            if load_solver(name, objective)[1] is None:
                print(f"{name}, {loss}, {added}: ", end="")
                tune(name, objective)


def tune(name, objective):
    """Try a method's grid on a problem; print the values, sorted."""
    def reached(given):
        solver, _ = load_solver(name, objective, **given)
        solver.run_once(N_ITER)
        return objective.evaluate_result(**solver.get_result())["value"]

    grid, errors = {key: [*v] for key, v in GRIDS[name].items()}, {}
    for _ in range(MOST_EXTENSIONS + 1):
        for values in set(product(*grid.values())) - set(errors):
            errors[values] = reached(dict(zip(grid, values, strict=True)))
        best = min(errors, key=errors.get)
        edge = [key for key, value in zip(grid, best, strict=True)
                if extend(grid[key], value)]
        if not edge:
            break
    print(", ".join(
        f"{key}={value:g}" for key, value in zip(grid, best, strict=True)),
        f"(end: {', '.join(edge)})" if edge else "",
        f"tuned / least {reached({}) / errors[best]:.3f}")
    print("   ", "; ".join(
        f"{'/'.join(f'{v:g}' for v in values)}: {error:.4g}"
        for values, error in sorted(errors.items())), flush=True)


def extend(values, best):
    """Whether the best value is at an end of a grid; adds one beyond it."""
    if best == values[0]:
        values.insert(0, values[0] ** 2 / values[1])
        return True
    if best == values[-1]:
        values.append(values[-1] ** 2 / values[-2])
        return True
    return False


if __name__ == "__main__":
    main()
