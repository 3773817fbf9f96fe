import { assertEquals, assertThrows } from "@std/assert";
import { readSettings } from "./settings.ts";
import { groups, M } from "./works.ts";

const usual = groups.filter((group) => group !== "growth");

Deno.test("without options, all but growth at 1 M and 16 M, 7 times", () => {
  assertEquals(readSettings([]), {
    groups: usual,
    sizes: [M, 16 * M],
    runs: 7,
    write: false,
  });
});

Deno.test("options are read", () => {
  assertEquals(
    readSettings(["--only=uniform, memory", "--sizes", "2M,1000", "--runs=9"]),
    {
      groups: ["uniform", "memory"],
      sizes: [2 * M, 1000],
      runs: 9,
      write: false,
    },
  );
  assertEquals(readSettings(["--growth", "--write"]), {
    groups: [...groups],
    sizes: [M, 16 * M],
    runs: 7,
    write: true,
  });
  assertEquals(readSettings(["--growth", "--only=normal"])?.groups, [
    "normal",
    "growth",
  ]);
  assertEquals(readSettings(["--only=growth", "--write"])?.groups, ["growth"]);
  assertEquals(readSettings(["--help"]), undefined);
});

Deno.test("what cannot be read is refused with the usage", () => {
  for (
    const [args, message] of [
      [["--onyl=uniform"], "--onyl=uniform is no option"],
      [["uniform"], "uniform is no option"],
      [["--only=uniforms"], "--only must name parts"],
      [["--only="], "--only must name parts"],
      [["--sizes=1G"], "--sizes must be"],
      [["--sizes=15"], "--sizes must be"],
      [["--sizes=2048M"], "--sizes must be"],
      [["--runs=0"], "--runs must be"],
      [["--runs=7.5"], "--runs must be"],
      [["--write", "--only=uniform"], "--write needs the whole table"],
      [["--write", "--sizes=1M"], "--write needs the whole table"],
    ] as const
  ) {
    const error = assertThrows(() => readSettings(args), SyntaxError, message);
    assertEquals(error.message.split("\n")[2], "deno task bench [options]");
  }
});
