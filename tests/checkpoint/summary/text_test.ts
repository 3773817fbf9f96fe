import { assert, assertEquals } from "@std/assert";
import { empty, init, manualSeed, nn, summary, tensor } from "../../../mod.ts";
import { padded, shortened } from "../../../lib/core/columns.ts";
import { models } from "../../golden/models.ts";

Deno.test("a narrow summary is one table, without columns of nothing", () => {
  assertEquals(
    String(summary({ b: tensor([1, 2, 4]), x: empty([0]) })).split("\n"),
    [
      "name  shape  mean   std  min  max  zeros  verdict",
      "b     [3]    2.33  1.53    1    4      0  unknown",
      "x     [0]       –     –    –    –      –  empty",
      "",
      "3 elements in 2 tensors · none marked",
    ],
  );
});

Deno.test("a column stays where one row has something, and the name always", () => {
  const source = { "–": tensor([[1, 2], [3, 4]]), "": tensor([1, 2]) };
  assertEquals(String(summary(source)).split("\n").slice(0, 3), [
    "name  shape   fan in  fan out  mean    std  min  max  zeros  verdict",
    "–     [2, 2]       2        2   2.5   1.29    1    4      0  unknown",
    "      [2]          –        –   1.5  0.707    1    2      0  unknown",
  ]);
  assertEquals(
    String(summary({ "–": tensor([1, 2]) })).split("\n")[0],
    "name  shape  mean    std  min  max  zeros  verdict",
  );
});

Deno.test("a wide summary is two tables of the same names", () => {
  const layer = new nn.Linear(4, 2);
  layer.weight.toFloat32().set([
    0.5,
    -0.25,
    0.25,
    0,
    0.25,
    -0.5,
    0.125,
    -0.125,
  ]);
  init.normal(layer.bias!);
  layer.bias!.toFloat32().set([900, -900]);
  assertEquals(String(summary(layer)).split("\n"), [
    "name    shape   fan in  fan out  initializer",
    "weight  [2, 4]       4        2  kaimingUniform",
    "bias    [2]          –        –  normal",
    "",
    "name    expected std    mean    std     z   min  max   zeros  verdict",
    "weight         0.289  0.0313  0.319  0.66  −0.5  0.5  12.5 %  as expected",
    "bias               1       0   1273  2544  −900  900       0  ! wide",
    "",
    "10 elements in 2 tensors · 1 marked · limit |z| = 3.02 (α = 0.01)",
  ]);
});

Deno.test("ResNet-18 fits 100 columns, with distinct names", () => {
  manualSeed(0);
  const model = models.resnet18();
  const text = String(summary(model));
  const lines = text.split("\n");
  assertEquals(Math.max(...lines.map((line) => line.length)), 100);
  assertEquals(lines.length, 2 * 63 + 3);
  const names = lines.slice(0, 63).map((line) => line.split(/ {2,}/)[0]);
  assertEquals(new Set(names).size, 63);
  assert(names.includes("layer1.0.conv1.weight"), names.join());
  assertEquals(
    lines.slice(64, 127).map((line) => line.split(/ {2,}/)[0]),
    names,
  );
  assert(lines.at(-1)!.startsWith("11,689,512 elements in 62 tensors · none "));
});

Deno.test("names are shortened in the middle, and stay one line", () => {
  assertEquals(shortened("layer1.0.conv1", 14), "layer1.0.conv1");
  assertEquals(shortened("layer1.0.conv1", 13), "layer1….conv1");
  assertEquals(shortened("😀😀😀😀😀", 3), "😀…😀");
  assertEquals(shortened("a\nb\u0000\u2028c", 9), "a b  c");
});

Deno.test("of a long name the ends are shown, whatever lies between", () => {
  for (const letter of ["a", "é", "😀", "\ud800", "\u0000"]) {
    for (const count of [7, 8, 9, 27, 28, 29, 30, 31, 56, 57, 1000]) {
      const name = Array.from({ length: count }, (_, i) => `${i % 10}${letter}`)
        .join("");
      const all = Array.from(
        name,
        (each) => /[\p{Cc}\p{Cs}]/u.test(each) ? " " : each,
      );
      const expected = all.length <= 14
        ? all
        : [...all.slice(0, 6), "…", ...all.slice(-7)];
      assertEquals(shortened(name, 14), expected.join(""));
    }
  }
});

Deno.test("more cells are padded than a call has room for arguments", () => {
  const cells = padded(Array.from({ length: 300_000 }, (_, i) => `${i}`));
  assertEquals(cells.at(7), "7     ");
  assertEquals(cells.at(-1), "299999");
});
