import { assertEquals, assertThrows } from "@std/assert";
import { readArguments, UsageError } from "../../lib/cli/arguments.ts";
import { suggestion } from "../../lib/core/options.ts";

const declared = {
  flags: ["json", "transposed"],
  values: ["std", "seed", "out"],
  short: { o: "out", j: "json" },
} as const;

Deno.test("options and operands, in any order", () => {
  const expected = {
    operands: ["33", "16"],
    flags: { json: true, transposed: false },
    values: { std: "0.5", out: "a.npy" },
  };
  for (
    const args of [
      "33 16 --json --std 0.5 --out a.npy",
      "--std=0.5 33 --json 16 -o a.npy",
      "-o a.npy -j --std 0.5 -- 33 16",
      "33 --out=a.npy 16 --no-json --std=0.5 --json",
    ]
  ) {
    assertEquals(readArguments(args.split(" "), declared), expected, args);
  }
  assertEquals(readArguments(["--json", "--no-json"], declared).flags, {
    json: false,
    transposed: false,
  });
  assertEquals(readArguments([], {}), { operands: [], flags: {}, values: {} });
});

Deno.test("a number keeps its digits, as an operand and as a value", () => {
  const big = "18446744073709551615";
  const { operands, values } = readArguments(
    [big, "007", "--seed", big, "--", "1e3"],
    declared,
  );
  assertEquals([operands, values], [[big, "007", "1e3"], { seed: big }]);
});

Deno.test("a number below 0 may follow its option, or be an operand", () => {
  for (const std of ["-0.5", "-.5", "-1e-3", "-inf"]) {
    for (const args of [["--std", std], [`--std=${std}`]]) {
      const { operands, values } = readArguments(["3", ...args], declared);
      assertEquals([operands, values], [["3"], { std }]);
    }
  }
  const { operands } = readArguments(["3", "-1", "--json"], declared);
  assertEquals(operands, ["3", "-1"]);
  assertEquals(readArguments(["-o", "-1"], declared).values, { out: "-1" });
});

Deno.test("what comes after -- is an operand", () => {
  const { operands, flags } = readArguments(["--", "--json", "-x"], declared);
  assertEquals([operands, flags.json], [["--json", "-x"], false]);
});

Deno.test("options that are unknown, twice or without value are refused", () => {
  const refusals: [string, string][] = [
    ["--jsn", "Unknown option --jsn; did you mean --json?"],
    ["--seeed=3", "Unknown option --seeed; did you mean --seed?"],
    ["--unheard-of", "Unknown option --unheard-of"],
    ["-x", "Unknown option -x"],
    ["--no-std 3", "Unknown option --no-std"],
    ["--std 1 --std 2", "Cannot read --std: it must come once"],
    ["-o a --out b", "Cannot read --out: it must come once"],
    ["--std", "Cannot read --std: it must have a value"],
    ["--std --json", "Cannot read --std: it must have a value"],
    ["--std=", "Cannot read --std: it must have a value"],
    ["--constructor", "Unknown option --constructor"],
    ["--__proto__=1", "Unknown option --__proto__"],
    ["--json.x", "Unknown option --json.x; did you mean --json?"],
  ];
  for (const [args, message] of refusals) {
    const error = assertThrows(
      () => readArguments(args.split(" "), declared),
      UsageError,
    );
    assertEquals(error.message, message, args);
  }
});

Deno.test("the nearest name is suggested, if it is near", () => {
  const names = ["fan", "init", "compare", "materialize"];
  const suggestions: [string, string][] = [
    ["fna", "fan"],
    ["int", "init"],
    ["comapre", "compare"],
    ["materialize", "materialize"],
    ["materialiaze", "materialize"],
    ["maerialze", "materialize"],
  ];
  for (const [typed, name] of suggestions) {
    assertEquals(suggestion(typed, names), `; did you mean ${name}?`);
  }
  for (const typed of ["", "x", "zzz", "train", "initialize"]) {
    assertEquals(suggestion(typed, names), "", typed);
  }
});
