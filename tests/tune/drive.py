"""Other programs' searches over `kneadsim tune evaluate`.

Every search here may run `budget` sessions, begins with the present parameters, and
gives what it tried as a list of answers of the simulator.

    drive.py KNEADSIM FILE ALGORITHM BUDGET [SEED]

prints the front that ALGORITHM (pymoo_nsga2, optuna_nsga2, optuna_tpe) finds, as JSON.
"""

import json
import math
import subprocess
import sys
import tomllib

# Candidates in a generation: as kneadsim's own default. 100 evaluations are a few
# generations then; the others' defaults (100 and 50) would be one or two.
POPULATION = 12


class BudgetSpent(Exception):
    """The next session would be one too many."""


class Simulator:
    """`kneadsim tune evaluate` as a function of points in [0, 1]^n."""

    def __init__(self, program, file, budget, seed):
        with open(file, "rb") as text:
            tuning = tomllib.load(text)
        self.parameters = tuning["tune"]
        self.objectives = tuning["objective"]
        self.budget = budget
        self.sessions = 0
        self.answers = []
        self.process = subprocess.Popen(
            [program, "tune", "evaluate", file, "--seed", str(seed), "--jobs", "1"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.present = self.ask({})
        # Searches ask for it again, as their first.
        self.sessions = 0
        self.answers = []

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def ask(self, parameters):
        if self.sessions >= self.budget:
            raise BudgetSpent
        self.process.stdin.write(json.dumps({"parameters": parameters}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the simulator ended")
        answer = json.loads(line)
        self.sessions += answer["sessions"]
        self.answers.append(answer)
        return answer

    def value(self, parameter, x):
        low, high = parameter["min"], parameter["max"]
        if parameter.get("scale") == "log":
            value = math.exp(math.log(low) + x * (math.log(high) - math.log(low)))
        else:
            value = low + x * (high - low)
        return min(max(float(f"{value:.4g}"), low), high)

    def point(self, values):
        """Of parameters by their keys."""
        x = []
        for parameter in self.parameters:
            low, high, value = parameter["min"], parameter["max"], values[parameter["key"]]
            if parameter.get("scale") == "log":
                low, high, value = math.log(low), math.log(high), math.log(value)
            x.append((value - low) / (high - low))
        return x

    def __call__(self, point):
        """Objectives, all minimised, and how much is short."""
        values = {p["key"]: self.value(p, x) for p, x in zip(self.parameters, point)}
        return self.judged(self.ask(values))

    def judged(self, answer):
        found = []
        for objective in self.objectives:
            value = answer["objectives"][objective["name"]]
            worst = self.present["objectives"][objective["name"]]
            sign = -1.0 if objective.get("goal") == "max" else 1.0
            # What could not be run is worse than anything that could.
            found.append(sign * (10.0 * abs(worst) if value is None else value))
        short = answer["short_k"]
        return found, 1e3 if short is None else short


def pymoo_nsga2(simulator, seed):
    import numpy
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.problem import ElementwiseProblem
    from pymoo.operators.sampling.rnd import FloatRandomSampling
    from pymoo.optimize import minimize

    count = len(simulator.parameters)

    class Tuning(ElementwiseProblem):
        def __init__(self):
            super().__init__(
                n_var=count,
                n_obj=len(simulator.objectives),
                n_ieq_constr=1,
                xl=numpy.zeros(count),
                xu=numpy.ones(count),
            )

        def _evaluate(self, x, out, *args, **kwargs):
            out["F"], short = simulator(x)
            out["G"] = [short]

    start = numpy.array([simulator.point(simulator.present["parameters"])])
    others = FloatRandomSampling().do(
        Tuning(), POPULATION - 1, random_state=numpy.random.default_rng(seed)
    )
    sampling = numpy.vstack([start, others.get("X")])
    minimize(
        Tuning(),
        NSGA2(pop_size=POPULATION, sampling=sampling),
        ("n_gen", 10**6),
        seed=seed,
    )


def optuna_search(simulator, sampler):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(
        directions=["minimize"] * len(simulator.objectives), sampler=sampler
    )
    keys = [p["key"] for p in simulator.parameters]
    start = simulator.point(simulator.present["parameters"])
    study.enqueue_trial(dict(zip(keys, start)))

    def objective(trial):
        found, short = simulator([trial.suggest_float(key, 0.0, 1.0) for key in keys])
        trial.set_user_attr("short", short)
        return found

    study.optimize(objective, n_trials=10**6)


def constraints(trial):
    """Kept where it is not above 0."""
    return [trial.user_attrs["short"]]


def optuna_nsga2(simulator, seed):
    import optuna

    sampler = optuna.samplers.NSGAIISampler(
        population_size=POPULATION,
        seed=seed,
        constraints_func=constraints,
    )
    optuna_search(simulator, sampler)


def optuna_tpe(simulator, seed):
    import optuna

    sampler = optuna.samplers.TPESampler(
        seed=seed,
        multivariate=True,
        constraints_func=constraints,
    )
    optuna_search(simulator, sampler)


ALGORITHMS = {
    "pymoo_nsga2": pymoo_nsga2,
    "optuna_nsga2": optuna_nsga2,
    "optuna_tpe": optuna_tpe,
}


def search(program, file, algorithm, budget, seed):
    """All answers of the simulator, the present parameters' first."""
    import warnings

    warnings.simplefilter("ignore")
    simulator = Simulator(program, file, budget, seed)
    try:
        ALGORITHMS[algorithm](simulator, seed)
    except BudgetSpent:
        pass
    finally:
        simulator.close()
    return simulator.answers


def main():
    if len(sys.argv) not in (5, 6) or sys.argv[3] not in ALGORITHMS:
        sys.exit(__doc__)
    seed = int(sys.argv[5]) if len(sys.argv) == 6 else 1
    answers = search(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), seed)
    kept = [a for a in answers if a["feasible"]]

    def beats(a, b):
        pairs = [(a["objectives"][k], b["objectives"][k]) for k in a["objectives"]]
        return all(x <= y for x, y in pairs) and any(x < y for x, y in pairs)

    for one in kept:
        if not any(beats(other, one) for other in kept):
            print(json.dumps({k: one[k] for k in ("objectives", "parameters")}))


if __name__ == "__main__":
    main()
