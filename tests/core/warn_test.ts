import { assertEquals } from "@std/assert";
import { warnOnce } from "../../lib/core/options.ts";
import { warningsOf } from "./warnings.ts";

// Each test has texts of its own: what was warned of stays known.

Deno.test("a text is shown once, another one too", () => {
  const shown = warningsOf(() => {
    for (const text of ["first", "second", "first", "first", "second"]) {
      warnOnce(text);
    }
  });
  assertEquals(shown, ["first", "second"]);
  assertEquals(warningsOf(() => warnOnce("second")), []);
  assertEquals(warningsOf(() => warnOnce("third")), ["third"]);
});
