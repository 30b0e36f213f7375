"""What all peers share: the data, and their protocol with the bench: JSON, one object a line.

A peer calls `serve(title, open_training)`. The bench asks for one pass over the first `images` training images of a recipe
and gets how long it took. `open_training(recipe, data)` gives an object with

  epoch(order)    trains on the images in `order` (int32), batch by batch, the last may be smaller; answers with the mean
                  training loss of each model over the batches, all computed
  validate()      mean loss of each model over the test images; None where nothing is trained
  prepare(count)  optional: compiles what passes over `count` images need, before the clock starts
  seconds()       optional: how long the last `epoch` or `validate` took, where the peer has to say what counts
"""

import argparse
import json
import os
import sys
import time

import numpy as np

PIXELS = 784
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-7  # Adam as Keras has it


class Data:
    """MNIST's pixels as stored, uint8 [count, 784], from the IDX files of a folder."""

    def __init__(self, folder):
        self.train = read_images(os.path.join(folder, "train-images-idx3-ubyte"))
        self.test = read_images(os.path.join(folder, "t10k-images-idx3-ubyte"))


def read_images(path):
    return np.fromfile(path, dtype=np.uint8, offset=16).reshape(-1, PIXELS)


def floats(pixels):
    return pixels.astype(np.float32) / np.float32(255)


def glorot_uniform(random, rows, columns):
    limit = np.sqrt(6 / (rows + columns))
    return random.uniform(-limit, limit, (rows, columns)).astype(np.float32)


def batches(order, size):
    return [order[first : first + size] for first in range(0, len(order), size)]


def serve(title, open_training):
    """Answers requests until the bench closes its end. Only answers go to stdout; what libraries print goes to stderr."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    data = Data(arguments().data)
    trainings = {}
    epochs = 0
    print(json.dumps({"title": title}), file=answers)
    for line in sys.stdin:
        request = json.loads(line)
        recipe = request["recipe"]
        key = json.dumps(recipe)
        if key not in trainings:
            trainings = {key: open_training(recipe, data)}
        training = trainings[key]
        if hasattr(training, "prepare"):
            training.prepare(request["images"])
        epochs += 1
        order = np.random.default_rng([recipe["seed"], epochs]).permutation(request["images"]).astype(np.int32)
        seconds, losses = timed(training, lambda: training.epoch(order))
        answer = {"seconds": seconds, "losses": [float(loss) for loss in losses], "validationSeconds": None}
        if request["validate"]:
            seconds, losses = timed(training, training.validate)
            answer["validationSeconds"] = None if losses is None else seconds
        print(json.dumps(answer), file=answers)


def timed(training, work):
    began = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - began
    return training.seconds() if hasattr(training, "seconds") else seconds, result


def arguments():
    parser = argparse.ArgumentParser(description="A peer of npm run bench, which starts it.")
    parser.add_argument("--data", required=True, help="folder of MNIST's IDX files")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    return parser.parse_args()
