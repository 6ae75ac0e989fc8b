"""The layers of a model in the order in which one pass goes through them, whatever its classes.

The pass is watched: modules by hooks, functions of PyTorch by a mode that sees each call. What
goes from one to the next must be one chain of Linear and activation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any, NoReturn

from bpstudio.core.errors import InputError
from bpstudio.torch.stages import (
    ACTIVATIONS,
    FUNCTIONS,
    Stage,
    Tensor,
    activation_of,
    require_last,
    require_settings,
)

# modules and functions that leave the numbers as they are, when they do
_DROPOUTS = ("Dropout", "AlphaDropout")
_IDLE_MODULES = ("Identity", "Flatten", *_DROPOUTS)
_IDLE_FUNCTIONS = (
    *("flatten", "view", "reshape", "contiguous", "to", "float", "double", "clone"),
    *("dropout", "alpha_dropout", "squeeze", "unsqueeze"),
)


def chain(torch: Any, model: Any, x: Tensor) -> tuple[Tensor, list[Stage], Tensor]:
    """The inputs as the first Linear takes them, (n, n_1), the layers, and what the model gives.

    InputError names the first place where the model is no chain that bpstudio has.
    """
    watcher = _Watcher(torch, model, x)
    with torch.no_grad(), watcher.watching():
        out = model(x)
    if not watcher.stages:
        raise InputError("the model has no Linear; bpstudio has chains of Linear and activations")
    if out is not watcher.current:
        given = "a tensor" if isinstance(out, torch.Tensor) else type(out).__name__
        raise InputError(
            f"the model gives {given} that is not what {watcher.last} gave; bpstudio has models "
            f"that give the output of their last layer"
        )
    return watcher.x, watcher.stages, out


class _Watcher:
    """What one pass through a model has come to."""

    def __init__(self, torch: Any, model: Any, x: Tensor) -> None:
        self.torch, self.model = torch, model
        self.x = self.current = x
        self.last = "the input"
        self.stages: list[Stage] = []
        self._seen = [x]  # kept, so that none takes the identity of another
        self._inside = 0  # known modules that are at work
        self._at: list[str] = []  # the modules around, by their places

    # ---- watching -----------------------------------------------------------------------------

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While this is open, the model is watched."""
        with ExitStack() as stack:
            for name, module in self.model.named_modules():
                place = _place(name)
                before = module.register_forward_pre_hook(partial(self._before, place))
                after = module.register_forward_hook(partial(self._after, place))
                stack.callback(before.remove)
                stack.callback(after.remove)
            stack.enter_context(_mode(self.torch, self._function))
            yield

    def _before(self, place: str, module: Any, arguments: Sequence[Any]) -> None:
        self._at.append(place)
        if self._inside:
            return
        if self._is_known(module):
            self._inside += 1
            self._require_rest(place, module)
            if isinstance(module, self.torch.nn.Linear):
                self._require_width(place, module, arguments[0])
        elif _is_of_torch(module):
            activation_of(self.torch, place, module)  # refuses it

    def _after(self, place: str, module: Any, arguments: Sequence[Any], out: Any) -> None:
        self._at.pop()
        if not self._is_known(module):
            return
        self._inside -= 1
        if self._inside:
            return
        given = arguments[0]
        if isinstance(module, self.torch.nn.Linear):
            self._add(Stage(place, module, module.weight, module.bias), given, out)
        elif self._is_a(module, _IDLE_MODULES):
            self._pass(place, module, given, out)
        else:
            name = activation_of(self.torch, place, module)
            self._activate(place, name, module, str(module), given, out)

    def _function(
        self, function: Any, arguments: Sequence[Any], options: Mapping[str, Any], out: Any
    ) -> None:
        """A function of PyTorch was called outside of the modules that are known."""
        given = _given(self.torch, arguments, options)
        if self._inside or not any(tensor is seen for tensor in given for seen in self._seen):
            return
        if not _given(self.torch, [out], {}):
            return  # a size, a type
        name = getattr(function, "__name__", str(function)).rstrip("_")
        place = f"{name} in {self._at[-1] if self._at else 'model'}"
        rest = {key: x for key, x in options.items() if key != "input"}
        if name in FUNCTIONS:
            settings = _settings(name, arguments, rest)
            require_settings(place, settings, FUNCTIONS[name])
            if name == "softmax":
                require_last(place, f"softmax(dim={settings.get('dim')})", settings.get("dim"))
            again = partial(_again, function, tuple(arguments[1:]), rest)
            self._activate(place, name, again, name, given[0], out)
        elif name == "linear":
            self._functional(place, function, arguments, options, out)
        elif name in _IDLE_FUNCTIONS:
            self._pass(place, name, given[0], out)
        else:
            self._refuse(place, name)

    # ---- the chain ----------------------------------------------------------------------------

    def _functional(
        self,
        place: str,
        function: Any,
        arguments: Sequence[Any],
        options: Mapping[str, Any],
        out: Tensor,
    ) -> None:
        names = ("input", "weight", "bias")
        found = {**dict(zip(names, arguments, strict=False)), **options}
        weight, bias = found["weight"], found.get("bias")
        again = partial(_linear, function, weight, bias)
        self._add(Stage(place, again, weight, bias), found["input"], out)

    def _add(self, stage: Stage, given: Tensor, out: Tensor) -> None:
        self._require_chain(stage.place, given)
        for other in self.stages:
            if other.weight is stage.weight:
                raise InputError(
                    f"{stage.place} has the weights of {other.place}; bpstudio has layers of "
                    f"weights of their own"
                )
        self.stages.append(stage)
        self._go_on(stage.place, out)

    def _activate(
        self, place: str, name: str, call: Any, written: str, given: Tensor, out: Tensor
    ) -> None:
        self._require_chain(place, given)
        if not self.stages or self.stages[-1].activation is not None:
            raise InputError(f"{place} is {written}, which does not follow a Linear")
        stage = self.stages[-1]
        stage.activation, stage.name, stage.written = call, name, written
        self._go_on(place, out)

    def _pass(self, place: str, written: Any, given: Tensor, out: Tensor) -> None:
        """What leaves the numbers as they are; before the first Linear it may flatten them."""
        if not any(given is tensor for tensor in self._seen):
            return
        self._require_chain(place, given)
        same = out.shape == given.shape and out.dtype == given.dtype
        if same and (out is given or self.torch.equal(out, given)):
            self._go_on(place, out)
        elif not self.stages and _is_of_same_rows(out, given):
            self.x = out
            self._go_on(place, out)
        else:
            self._refuse(place, written)

    def _go_on(self, place: str, out: Tensor) -> None:
        self.current, self.last = out, place
        self._seen.append(out)

    def _require_chain(self, place: str, given: Tensor) -> None:
        if given is not self.current:
            raise InputError(
                f"{place} does not take what {self.last} gave; bpstudio has layers one after "
                f"the other"
            )

    def _require_width(self, place: str, linear: Any, given: Tensor) -> None:
        if given.ndim != 2:
            raise InputError(
                f"{place} is given the shape {tuple(given.shape)}; it is (rows, inputs)"
            )
        if given.shape[-1] != linear.in_features:
            what = "x" if given is self.x else f"what {place} is given"
            raise InputError(
                f"{what} has {given.shape[-1]} columns, {place} takes those of {linear}"
            )

    def _require_rest(self, place: str, module: Any) -> None:
        """Refuse a dropout before it draws random numbers of the training."""
        if self._is_a(module, _DROPOUTS) and module.training and module.p > 0:
            self._refuse(place, module)

    def _refuse(self, place: str, written: Any) -> NoReturn:
        known = ", ".join(kind for kind, _, _ in ACTIVATIONS)
        raise InputError(f"{place} is {written}; bpstudio has Linear, {known}")

    def _is_known(self, module: Any) -> bool:
        kinds = ("Linear", *_IDLE_MODULES, *(kind for kind, _, _ in ACTIVATIONS))
        return self._is_a(module, kinds)

    def _is_a(self, module: Any, kinds: Sequence[str]) -> bool:
        return isinstance(module, tuple(getattr(self.torch.nn, kind) for kind in kinds))


def _mode(torch: Any, seen: Any) -> Any:
    """Tells ``seen`` of every call of a function of PyTorch, with what it gave."""

    class Watching(torch.overrides.TorchFunctionMode):  # type: ignore[misc]
        def __torch_function__(
            self, function: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            options = kwargs or {}
            out = function(*args, **options)
            seen(function, args, options, out)
            return out

    return Watching()


def _given(torch: Any, arguments: Sequence[Any], options: Mapping[str, Any]) -> list[Tensor]:
    """The tensors that a function is given, also in a list."""
    flat: list[Any] = []
    for x in (*arguments, *options.values()):
        flat.extend(x if isinstance(x, list | tuple) else [x])
    return [x for x in flat if isinstance(x, torch.Tensor)]


def _settings(name: str, arguments: Sequence[Any], rest: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of an activation that is a function: the one behind its input by name."""
    keys = ["dim"] if name == "softmax" else list(FUNCTIONS[name])[:1]
    return {**dict(zip(keys, arguments[1:], strict=False)), **rest}


def _again(function: Any, arguments: tuple[Any, ...], options: Mapping[str, Any], z: Any) -> Any:
    return function(z, *arguments, **options)


def _linear(function: Any, weight: Tensor, bias: Tensor, a: Tensor) -> Tensor:
    return function(a, weight, bias)


def _is_of_same_rows(out: Tensor, given: Tensor) -> bool:
    """Whether only the numbers within each row were arranged anew."""
    return bool(len(out) == len(given) and out.numel() == given.numel())


def _is_of_torch(module: Any) -> bool:
    """Whether a module computes something of its own in a way that PyTorch brings."""
    home = type(module).__module__
    of_torch = home.startswith("torch.nn.modules.") and not home.endswith(".container")
    return of_torch and not list(module.children())


def _place(name: str) -> str:
    """ "0.act" as model[0].act."""
    parts = (f"[{part}]" if part.isdigit() else f".{part}" for part in name.split(".") if part)
    return "model" + "".join(parts)
