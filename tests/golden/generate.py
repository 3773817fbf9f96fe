"""Writes the golden files from PyTorch 2.13.0.

Run by `deno task golden`. No test needs PyTorch: the files are committed.
"""

from initializers import fan_cases, gain_cases, init_cases
from interchange import interchange_cases
from layers import layer_cases
from models import model_cases
from oracle import write
from propagation import propagation_cases
from tensors import conversion_cases, generator_cases, half_cases, print_cases


def main():
    write("init.json", list(init_cases()))
    write("layers.json", list(layer_cases()))
    write("models.json", list(model_cases()))
    write("fan.json", list(fan_cases()))
    write("gain.json", list(gain_cases()))
    write("generator.json", list(generator_cases()))
    write("print.json", list(print_cases()))
    write("half.json", list(half_cases()))
    write("conversions.json", list(conversion_cases()))
    write("interchange.json", list(interchange_cases()))
    write("propagation.json", list(propagation_cases()))


if __name__ == "__main__":
    main()
