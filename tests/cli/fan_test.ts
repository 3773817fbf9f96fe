import { assertEquals } from "@std/assert";
import { fan } from "../../mod.ts";
import { runCommand } from "./fake_terminal.ts";

/** Runs `fan` with arguments in one text. */
function run(args: string) {
  return runCommand(["fan", ...args.split(" ")]);
}

Deno.test("fan prints the derivation", async () => {
  const expected = {
    code: 0,
    out: `${fan([33, 16, 3, 3])}\n`,
    error: "",
  };
  assertEquals(await run("33 16 3 3"), expected);
  assertEquals(await run("33,16,3,3"), expected);
});

Deno.test("fan takes the options of the function", async () => {
  const calls: [string, ReturnType<typeof fan>][] = [
    ["12,2,3,3 --groups 4", fan([12, 2, 3, 3], { groups: 4 })],
    [
      "8 3 3 5 --transposed --groups=4",
      fan([8, 3, 3, 5], { transposed: true, groups: 4 }),
    ],
    ["64 3 7 7 --stride 2", fan([64, 3, 7, 7], { stride: 2 })],
    ["64 3 7 7 --stride 2,3", fan([64, 3, 7, 7], { stride: [2, 3] })],
    ["192 64 --fused 3", fan([192, 64], { fused: 3 })],
    [
      "3 5 16 33 --axes in=-2,out=-1",
      fan([3, 5, 16, 33], { axes: { in: -2, out: -1 } }),
    ],
    [
      "3,3,8,2 --axes in=,out=3,batch=2",
      fan([3, 3, 8, 2], { axes: { in: [], out: 3, batch: 2 } }),
    ],
    [
      "4 5 6 --axes in=0,in=1,out=2",
      fan([4, 5, 6], { axes: { in: [0, 1], out: 2 } }),
    ],
  ];
  for (const [args, expected] of calls) {
    const { out } = await run(args);
    assertEquals(out, `${expected}\n`, args);
    const { out: json } = await run(`${args} --json`);
    assertEquals(
      JSON.parse(json),
      JSON.parse(JSON.stringify({ ...expected, ...expected.derivation })),
    );
  }
});

Deno.test("fan refuses what makes no sense", async () => {
  const refusals: [string, string][] = [
    [
      "",
      'Cannot read a shape: it must be sizes such as 33,16,3,3, got ""',
    ],
    [
      "3 3 --groups 0",
      'Cannot read --groups: it must be a whole number of at least 1, got "0"',
    ],
    [
      "3 3 --groups 2",
      "Cannot compute fan in and fan out: groups must divide output axis 0 of size 3, got 2",
    ],
    [
      "3 3 --stride x",
      'Cannot read --stride: it must be a whole number of at least 1, got "x"',
    ],
    [
      "3 3 --axes in",
      'Cannot read --axes: each part must be such as in=-2, out=-1 or batch=0, got "in"',
    ],
    [
      "3 3 --axes in=-",
      'Cannot read --axes: each part must be such as in=-2, out=-1 or batch=0, got "in=-"',
    ],
    [
      "3 3 --axes width=1",
      'Cannot read --axes: each part must be such as in=-2, out=-1 or batch=0, got "width=1"',
    ],
    [
      "3 -3",
      'Cannot read a shape: it must be sizes such as 33,16,3,3, got "3 -3"',
    ],
  ];
  for (const [args, message] of refusals) {
    const { code, out, error } = await run(args);
    assertEquals([code, out], [2, ""], args);
    assertEquals(error.split("\n")[0], `error: ${message}`);
  }
});
