"""Makes ``weights/faces`` from the npm package ``@mediapipe/face_mesh``: its two networks, weight by weight.

    npm pack @mediapipe/face_mesh && tar xzf mediapipe-face_mesh-*.tgz
    pip install tflite
    PYTHONPATH=. python tools/convert_face_weights.py package weights/faces

The published weights are half-precision numbers, so nothing is rounded.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import tflite
import torch
from numpy.typing import NDArray
from safetensors.torch import save
from torch import Tensor, nn

from dermtutor.generation.faces.networks import FaceDetector, FaceMesh
from dermtutor.generation.weights import Manifest, sha256_of, write_weights

PACK = "face_mesh_solution_packed_assets"
VERSION = "0.4.1657299874"
FILE = "mediapipe-face-mesh.safetensors"


def packed(package: Path) -> dict[str, bytes]:
    """The files that the package's loader names, by their plain names."""
    loader = (package / f"{PACK}_loader.js").read_text(encoding="utf-8")
    listed = re.search(r"loadPackage\((\{.*?\})\);", loader)
    if listed is None:
        raise SystemExit("the package's loader names no files")
    data = (package / f"{PACK}.data").read_bytes()
    files = json.loads(listed[1])["files"]
    return {Path(each["filename"]).name: data[each["start"] : each["end"]] for each in files}


class Graph:
    """The operators of a TensorFlow Lite graph that carry weights."""

    def __init__(self, content: bytes) -> None:
        self._model = tflite.Model.GetRootAsModel(content, 0)
        self._graph = self._model.Subgraphs(0)
        names = vars(tflite.BuiltinOperator)
        self._kinds = {value: name for name, value in names.items() if isinstance(value, int)}
        self._source: dict[int, int] = {}
        self._operators = [self._graph.Operators(i) for i in range(self._graph.OperatorsLength())]
        for operator in self._operators:
            if self._kind(operator) == "DEQUANTIZE":
                self._source[operator.Outputs(0)] = operator.Inputs(0)

    def _kind(self, operator: tflite.Operator) -> str:
        code = self._model.OperatorCodes(operator.OpcodeIndex())
        return str(self._kinds[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())])

    def constant(self, index: int) -> NDArray[np.float16]:
        """A half-precision constant."""
        tensor = self._graph.Tensors(self._source.get(index, index))
        data = self._model.Buffers(tensor.Buffer()).DataAsNumpy()
        return np.frombuffer(data.tobytes(), np.float16).reshape(tensor.ShapeAsNumpy())

    def weights(self) -> Iterator[tuple[Tensor, ...]]:
        """Weight and bias of each convolution, the slopes of each PReLU, with torch's order of axes."""
        for operator in self._operators:
            kind, inputs = self._kind(operator), operator.InputsAsNumpy()
            if kind == "CONV_2D":
                weight = self.constant(inputs[1]).transpose(0, 3, 1, 2)
            elif kind == "DEPTHWISE_CONV_2D":
                weight = self.constant(inputs[1]).transpose(3, 0, 1, 2)
            elif kind == "PRELU":
                yield (torch.from_numpy(self.constant(inputs[1]).reshape(-1).copy()),)
                continue
            else:
                continue
            yield tuple(torch.from_numpy(each.copy()) for each in (weight, self.constant(inputs[2])))


def fill(module: nn.Module, values: Iterator[tuple[Tensor, ...]]) -> None:
    """Fills the layers of a module in their order."""
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.PReLU):
            for parameter, value in zip(layer.parameters(), next(values), strict=True):
                if parameter.shape != value.shape:
                    raise SystemExit(f"{layer}: the file has {tuple(value.shape)}")
                parameter.data = value.clone()


def detector_of(content: bytes) -> FaceDetector:
    """BlazeFace: the graph lists stem, blocks, scores and places as the module does."""
    network = FaceDetector()
    fill(network, Graph(content).weights())
    return network


def mesh_of(content: bytes) -> FaceMesh:
    """The mesh: from the trunk's end the graph lists both branches in turn; the landmarks' has the odd place first."""
    network = FaceMesh()
    values = list(Graph(content).weights())
    trunk = 2 + 3 * len(network.trunk)
    fill(nn.ModuleList([network.stem, network.slope, network.trunk]), iter(values[:trunk]))
    own: dict[str, list[tuple[Tensor, ...]]] = {"landmarks": [], "presence": []}
    # Six of the landmarks' own layers, then one of each branch in turn.
    for place, value in enumerate(values[trunk:]):
        own["presence" if place >= 6 and place % 2 == 0 else "landmarks"].append(value)
    fill(network.landmarks, iter(own["landmarks"]))
    fill(network.presence, iter(own["presence"]))
    return network


def main(package: Path, folder: Path) -> None:
    """Writes the weights and their manifest."""
    files = packed(package)
    parts = {
        "detector": detector_of(files["face_detection_short_range.tflite"]),
        "mesh": mesh_of(files["face_landmark.tflite"]),
    }
    state = {
        f"{name}.{key}": value for name, part in parts.items() for key, value in part.state_dict().items()
    }
    content = save(state)
    write_weights(
        folder,
        content,
        Manifest(
            name="mediapipe-face-mesh",
            version=VERSION,
            file=FILE,
            size=len(content),
            sha256=sha256_of(content),
            licence="Apache-2.0",
            attribution=(
                "BlazeFace (short range) and MediaPipe Face Mesh, Copyright The MediaPipe Authors, "
                f"from the npm package @mediapipe/face_mesh {VERSION}, converted unchanged from TensorFlow Lite."
            ),
            resolution=192,
            conditions=(),
            network={},
            geometry={},
            training={},
        ),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
