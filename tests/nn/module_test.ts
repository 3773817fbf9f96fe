import { assert, assertEquals } from "@std/assert";
import { nn, tensor } from "../../mod.ts";

Deno.test("arguments go by position or by name", () => {
  const texts = [
    new nn.Conv2d(3, 8, [3, 5], 2, { bias: false }),
    new nn.Conv2d(3, 8, { kernelSize: [3, 5], stride: 2, bias: false }),
    new nn.Conv2d({
      inChannels: 3,
      outChannels: 8,
      kernelSize: [3, 5],
      stride: [2, 2],
      bias: false,
    }),
    new nn.Conv2d(3, 8, [3, 5], 2, 0, 1, 1, false, "zeros"),
    new nn.Conv2d(3, 8, [3, 5], 2, 0, 1, 1, false, "zeros", {
      dtype: "float64",
    }),
  ].map(String);
  const text = "Conv2d(3, 8, kernel_size=(3, 5), stride=(2, 2), bias=False)";
  assertEquals(texts, texts.map(() => text));
  assertEquals(new nn.Linear(2, 3, false).bias, null);
  assertEquals(new nn.Linear(2, 3, { bias: undefined }).bias?.size(), [3]);
});

class Block extends nn.Module {
  norm = new nn.Linear(2, 2);
  scale = tensor([1]);
}

class Net extends nn.Module {
  second = new Block();
  first = new nn.Linear(1, 2, { bias: false });
  gain = tensor([2]);
  tied = this.first.weight;
  note = "not a parameter";
}

Deno.test("a model names its parameters as PyTorch does", () => {
  const net = new Net();
  assertEquals(net.namedParameters().map(([name]) => name), [
    "gain",
    "tied",
    "second.scale",
    "second.norm.weight",
    "second.norm.bias",
  ]);
  assertEquals(net.parameters().length, 5);
  assert(net.parameters()[1] === net.first.weight);
  assertEquals(net.namedChildren().map(([name]) => name), ["second", "first"]);
});

Deno.test("a model prints its children as PyTorch does", () => {
  assertEquals(
    String(new Net()),
    `Net(
  (second): Block(
    (norm): Linear(in_features=2, out_features=2, bias=True)
  )
  (first): Linear(in_features=1, out_features=2, bias=False)
)`,
  );
});
