import json

import onnx
import onnxruntime
from reference import check_parts, images, models, path


def runner(model, part, given, answered):
    file = path(model, f"-{part}.onnx")
    loaded = onnx.load(file)
    onnx.checker.check_model(loaded, full_check=True)
    onnx.shape_inference.infer_shapes(loaded, strict_mode=True)
    properties = {entry.key: entry.value for entry in loaded.metadata_props}
    assert properties["model"] == model, properties
    assert json.loads(properties["experiment"])["name"] == properties["name"]
    assert len(properties["weights.sha256"]) == len(properties["dataset.sha256"]) == 64
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    assert [one.name for one in session.get_inputs()] == [given]
    assert session.get_inputs()[0].shape[0] == "batch"
    run = lambda values: session.run([answered], {given: values})[0]
    return run


for model in models:
    encode = runner(model, "encoder", "images", "codes")
    assert encode(images[:1]).shape[0] == 1  # any number of images
    check_parts(
        model,
        encode,
        runner(model, "decoder", "codes", "reconstructions"),
        runner(model, "autoencoder", "images", "reconstructions"),
        1e-6,
    )
