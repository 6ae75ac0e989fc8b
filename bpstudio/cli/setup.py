"""From the options to data and network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bpstudio.cli.options import refuse_recorded_run
from bpstudio.cli.reading import watched
from bpstudio.cli.types import naming
from bpstudio.core.dataset import Batch, Dataset
from bpstudio.core.errors import InputError
from bpstudio.core.generated import generated, is_generated
from bpstudio.core.losses import require_compatible, require_targets
from bpstudio.core.network import Network
from bpstudio.core.rejected import left_out_text
from bpstudio.debugger.experiment import Experiment
from bpstudio.files.dataset import load
from bpstudio.files.weights import OPEN_SUFFIXES, load_weights

# options that are settings of an experiment by the same name
_SETTINGS = (
    *("hidden", "loss", "lr", "batch_size", "epochs", "seed", "init", "bias", "validation"),
    *("optimizer", "l1", "l2"),
)
_SHAPE_A_NETWORK = ("hidden", "init", "bias")
_NAME_ACTIVATIONS = ("activation", "output_activation")


@dataclass(frozen=True, slots=True, eq=False)
class Setup:
    """What a command works on; the experiment holds the other settings."""

    dataset: Dataset
    network: Network
    experiment: Experiment


def prepare(data: str, target: Sequence[str], options: Mapping[str, Any]) -> Setup:
    """Load the data and make the network. InputError names the file or option at fault.

    ``options`` has the keys of DATA and MODEL; where it has ``validation`` the data is split.
    """
    _require_no_rivals(options)
    dataset = _load(data, target, options)
    experiment = _experiment(dataset, options)
    if "validation" in options:
        with naming("--validation"):
            dataset = dataset.split(experiment.validation, experiment.seed, experiment.split)
    network = _network(dataset, experiment, options)
    with naming("--loss"):
        require_compatible(experiment.loss, network.layers[-1].activation)
        require_targets(experiment.loss, dataset.Y)
    return Setup(dataset, network, experiment)


def _require_no_rivals(options: Mapping[str, Any]) -> None:
    if options["weights"] is None:
        return
    open_names = str(options["weights"]).lower().endswith(OPEN_SUFFIXES)
    for name in (*_SHAPE_A_NETWORK, *(() if open_names else _NAME_ACTIVATIONS)):
        if options[name] is not None:
            raise InputError(
                f"--weights {options['weights']} brings its own layers; "
                f"leave out --{name.replace('_', '-')}"
            )


def _load(data: str, target: Sequence[str], options: Mapping[str, Any]) -> Dataset:
    refuse_recorded_run(data)
    if is_generated(data):
        _require_no_target(data, target, options)
        return generated(data).rescale(options["scale"])
    if not target:
        raise InputError(
            f"--target is missing: name the column to learn; bpstudio info {data} lists them"
        )
    if options.get("split_by") is not None and options.get("validation") is not None:
        raise InputError("--validation does not go with --split-by, which says the rows itself")
    choice: dict[str, Any] = {
        "task": options["task"],
        "scale": options["scale"],
        "group": options.get("group"),
        "split": options.get("split_by"),
        "sample": options["sample"],
        "sample_seed": options["sample_seed"] or 0,
    }
    return watched(data, lambda: load(data, list(target), **choice))


def _require_no_target(data: str, target: Sequence[str], options: Mapping[str, Any]) -> None:
    names = ("task", "group", "split_by")
    others = [(f"--{name.replace('_', '-')}", options.get(name)) for name in names]
    for option, given in (("--target", target), *others):
        if given:
            raise InputError(f"{option}: {data} brings its own target; leave out {option}")
    for name in ("sample", "sample_seed"):
        if options[name] is not None:
            option = f"--{name.replace('_', '-')}"
            raise InputError(f"{option}: {data} says its rows itself, by n; leave out {option}")


def _experiment(dataset: Dataset, options: Mapping[str, Any]) -> Experiment:
    """The settings given; the others follow from the data's task and the loss."""
    given = {name: options[name] for name in _SETTINGS if options.get(name) is not None}
    if options["output_activation"] is not None:
        given["output_activation"] = options["output_activation"]
    elif given.get("loss") == "cross_entropy":
        given["output_activation"] = "softmax"
    n_hidden = len(given.get("hidden", Experiment().hidden))
    of_file = options["weights"] is not None  # then the names go with the file's layers
    names = ("sigmoid",) if of_file else options["activation"] or ("sigmoid",)
    given["activations"] = _activations(names, n_hidden)
    suited = Experiment().for_data(dataset)
    given.setdefault("lr", suited.suggested_rate(given.get("optimizer", suited.optimizer)))
    return suited.changed(**given)


def _activations(names: tuple[str, ...], n_hidden: int) -> tuple[str, ...]:
    """One name for each hidden layer."""
    if len(names) not in (1, n_hidden):
        raise InputError(
            f"--activation: {len(names)} names were given for {n_hidden} hidden layers; "
            f"give one for all or one for each"
        )
    return names if len(names) == n_hidden else names * n_hidden


def _network(dataset: Dataset, experiment: Experiment, options: Mapping[str, Any]) -> Network:
    if options["weights"] is None:
        with naming("--hidden"):
            return Network.create(
                experiment.sizes(dataset),
                experiment.activations,
                experiment.output_activation,
                experiment.seed,
                experiment.init,
                experiment.bias,
            )
    with naming("--weights"):
        network = _loaded(options)
        _require_width(network, 1, "input", dataset.n_features, dataset, "features")
        _require_width(network, network.L, "output", dataset.n_targets, dataset, "targets")
    return network


def _loaded(options: Mapping[str, Any]) -> Network:
    """The network of the file; activations are given for a file that names none."""
    hidden, output = options["activation"], options["output_activation"]
    network = load_weights(options["weights"], hidden, output)
    own = [layer.activation for layer in network.layers]
    for option, given, found in (("activation", hidden, own[:-1]), ("", output, own[-1:])):
        names = [given] if isinstance(given, str) else list(given or found)
        if (names * len(found) if len(names) == 1 else names) != found:
            raise InputError(
                f"{options['weights']} names its own activations ({', '.join(own)}); "
                f"leave out --{option or 'output-activation'}"
            )
    return network


def _require_width(
    network: Network, l: int, layer: str, n: int, dataset: Dataset, what: str
) -> None:
    if network.sizes[l - 1] != n:
        raise InputError(
            f"its {layer} layer (l = {l}) has {network.sizes[l - 1]} nodes, {dataset.name} has "
            f"{n} {what}; the two must be equal"
        )


def batch_of(dataset: Dataset, rows: tuple[int, int] | None) -> Batch:
    """The rows A:B as one batch, or all there are."""
    if rows is None:
        return dataset.batch(dataset.rows.tolist())
    with naming("--rows"):
        return dataset.batch_range(*rows)


def described(network: Network) -> str:
    """A network in few words: 4–5–6–3 (sigmoid, sigmoid, sigmoid)."""
    sizes = "–".join(map(str, network.sizes))
    return f"{sizes} ({', '.join(layer.activation for layer in network.layers)})"


def said_of(dataset: Dataset) -> list[str]:
    """What was left out of the file, a line each: nothing is left out in silence."""
    lines = [f"{dataset.name}: {note}" for note in dataset.notes]
    if dataset.rejected:
        lines.append(f"{dataset.name}: {left_out_text(dataset.rejected)}")
    return lines
