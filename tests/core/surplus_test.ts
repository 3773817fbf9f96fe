/**
 * Options of functions that have none are refused, not lost.
 *
 * @module
 */

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { noMore } from "../../lib/core/options.ts";
import {
  decodeNpy,
  decodeSafetensors,
  encodeNpy,
  openFile,
  openNpy,
  openSafetensors,
} from "../../lib/checkpoint/mod.ts";
import {
  calculateGain,
  empty,
  Generator,
  manualSeed,
  nn,
  openCheckpoint,
  plot,
} from "../../mod.ts";

/** A function with any number of arguments. */
type Loose = (...given: unknown[]) => unknown;

const npy = encodeNpy(empty([2]));
const layer = new nn.Linear(2, 3);
const figure = plot.weights(empty([2, 3]));

const calls: Readonly<Record<string, Loose>> = {
  decodeNpy: (more) => (decodeNpy as Loose)(npy, {}, more),
  decodeSafetensors: (more) => (decodeSafetensors as Loose)(npy, more),
  encodeNpy: (more) => (encodeNpy as Loose)(empty([2]), more),
  openCheckpoint: (more) => (openCheckpoint as Loose)("a.npy", {}, more),
  openFile: (more) => (openFile as Loose)("a.npy", more),
  openNpy: (more) => (openNpy as Loose)(npy, {}, more),
  openSafetensors: (more) => (openSafetensors as Loose)(npy, more),
  calculateGain: (more) => (calculateGain as Loose)("tanh", 1, more),
  manualSeed: (more) => (manualSeed as Loose)(1, more),
  "Generator.manualSeed": (more) =>
    (new Generator(0) as { manualSeed: Loose }).manualSeed(1, more),
  "new Generator": (more) =>
    new (Generator as new (...given: unknown[]) => Generator)(0, more),
  toSvg: (more) => (figure as { toSvg: Loose }).toSvg(more),
  ...Object.fromEntries(
    ([
      "parameters",
      "namedParameters",
      "buffers",
      "namedBuffers",
      "children",
      "namedChildren",
      "modules",
      "namedModules",
      "stateDict",
    ] as const).map((name) => [
      name,
      (more) => (layer[name] as Loose).call(layer, more),
    ]),
  ),
};

for (const [name, call] of Object.entries(calls)) {
  Deno.test(`${name} refuses options`, async () => {
    const more = { prefix: "encoder." };
    await assertRejects(
      async () => await call(more),
      TypeError,
      "there must be no ",
    );
  });
}

Deno.test("what map adds is no option", () => {
  assertEquals(
    (["linear", "leaky_relu"] as const).map(calculateGain),
    [1, calculateGain("leaky_relu")],
  );
  assertEquals(
    [npy, npy].map(decodeNpy as Loose).map(String),
    new Array(2).fill("tensor([0., 0.])"),
  );
  assertThrows(
    () => noMore("do it", [1, 2], 1),
    TypeError,
    "Cannot do it: there must be no options, and at most one argument, got 2",
  );
});
