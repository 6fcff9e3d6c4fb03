"""CPU time of a training step, ours against torch's modules and optimisers.

OMP_NUM_THREADS=1 python performance/training/step.py

SGD on the toy regression (97 parameters, batches of 20) and the GAN on the
ring (batches of 128, Adam, float32). Both draw their batches from the same
arrays. The methods take turns; given is the best turn of each. Bars: 0.5 ms
for SGD, as the reference set-up allows, and 3 times less than torch.
"""
import time

import torch
from problems import TRAINING, load
from torch import nn

N_STEPS, TURNS, BAR_MS, BAR = 2000, 7, 0.5, 3


def ours(solver, data):
    """A function that runs so many steps of our solver."""
    made, _ = TRAINING.make_solver(solver, load(data, N_STEPS))
    return made.run_once


def torch_sgd(task):
    """The same steps with torch."""
    X, y = (torch.as_tensor(v) for v in (task.X, task.y))
    network = nn.Sequential(
        nn.Linear(X.shape[1], task.network.widths[1]), nn.Tanh(),
        nn.Linear(task.network.widths[1], 1)).double()
    optimiser = torch.optim.SGD(
        network.parameters(), lr=0.2 / len(X), weight_decay=task.decay)

    def run(n_steps):
        for _ in range(n_steps):
            rows = torch.randint(len(X), (task.batch_size,))
            optimiser.zero_grad()
            residual = network(X[rows])[:, 0] - y[rows]
            (len(X) / len(rows) * (residual**2).sum()).backward()
            optimiser.step()

    return run


def layers(n_in, n_hidden, n_out):
    return nn.Sequential(
        nn.Linear(n_in, n_hidden), nn.LeakyReLU(0.2),
        nn.Linear(n_hidden, n_hidden), nn.LeakyReLU(0.2),
        nn.Linear(n_hidden, n_out))


def torch_gan(task):
    """The same steps with torch."""
    X = torch.as_tensor(task.X).float()
    G, D = (layers(n.widths[0], n.widths[1], n.widths[-1])
            for n in (task.G, task.D))
    adam_g, adam_d = (torch.optim.Adam(n.parameters(), 1e-3, (0.5, 0.9))
                      for n in (G, D))
    softplus = nn.functional.softplus

    def run(n_steps):
        for _ in range(n_steps):
            x = X[torch.randint(len(X), (task.batch_size,))]
            z = torch.randn(task.batch_size, task.n_latent)
            adam_d.zero_grad()
            (softplus(-D(x)).mean()
             + softplus(D(G(z).detach())).mean()).backward()
            adam_d.step()
            adam_g.zero_grad()
            softplus(-D(G(z))).mean().backward()
            adam_g.step()

    return run


def main():
    torch.set_num_threads(1)
    for solver, data, peer in (("SGD", "Toy-regression", torch_sgd),
                               ("GAN", "Ring", torch_gan)):
        runs = {"ours": ours(solver, data),
                "torch": peer(load(data, N_STEPS).task)}
        best = dict.fromkeys(runs, float("inf"))
        for _ in range(TURNS):
            for name, run in runs.items():
                started = time.process_time()
                run(N_STEPS)
                ms = 1e3 * (time.process_time() - started) / N_STEPS
                best[name] = min(best[name], ms)
        ratio = best["torch"] / best["ours"]
        print(f"{solver}, {data}: {best['ours']:.3f} ms a step, torch "
              f"{best['torch']:.3f}, ratio {ratio:.1f}, bar {BAR} "
              + ("met" if ratio >= BAR else "NOT MET"), flush=True)
        if solver == "SGD":
            print(f"    bar {BAR_MS} ms "
                  + ("met" if best["ours"] <= BAR_MS else "NOT MET"))


if __name__ == "__main__":
    main()
