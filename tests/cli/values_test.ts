import { assertEquals, assertThrows } from "@std/assert";
import {
  readChoice,
  readCount,
  readNumber,
  readSeed,
  readShape,
  readSize,
  UsageError,
} from "../../lib/cli/arguments.ts";

/** Asserts that each text is refused, and that the message has it. */
function assertRefused(read: (text: string) => unknown, texts: string[]) {
  for (const text of texts) {
    assertThrows(
      () => read(text),
      UsageError,
      `got ${JSON.stringify(text)}`,
    );
  }
}

Deno.test("numbers", () => {
  assertEquals(readNumber("--std", "0.02"), 0.02);
  assertEquals(readNumber("--std", "-1e-3"), -1e-3);
  assertRefused(
    (text) => readNumber("--std", text),
    ["", " ", "x", "1,5", "nan", "inf", "1e999"],
  );
});

Deno.test("counts", () => {
  assertEquals(readCount("--groups", "4", 1), 4);
  assertRefused(
    (text) => readCount("--groups", text, 1),
    ["0", "-1", "1.5", "1e3", "", "x", "9007199254740993"],
  );
});

Deno.test("sizes in powers of ten, or of two with an i", () => {
  const sizes = {
    "500": 500,
    "2GB": 2e9,
    "500MB": 5e8,
    "1.5GiB": 1.5 * 2 ** 30,
    "10kb": 1e4,
    "3 TB": 3e12,
    "1B": 1,
  };
  for (const [text, bytes] of Object.entries(sizes)) {
    assertEquals(readSize("--shard-size", text), bytes, text);
  }
  assertRefused(
    (text) => readSize("--shard-size", text),
    [
      "",
      "GB",
      "0",
      "0.5",
      "-2GB",
      "2XB",
      "1.2.3GB",
      "1e9",
      "9e99TB",
      "2i",
      "4K",
    ],
  );
});

Deno.test("shapes, with commas, spaces, crosses or brackets", () => {
  for (
    const texts of [
      ["33,16,3,3"],
      ["33", "16", "3", "3"],
      ["33,16", "3,3"],
      ["[33, 16, 3, 3]"],
      ["33x16x3x3"],
      [" 33 , 16,3 ,3 "],
    ]
  ) {
    assertEquals(readShape(texts), [33, 16, 3, 3], texts.join(" "));
  }
  assertEquals(readShape(["[]"]), []);
  assertEquals(readShape(["0"]), [0]);
  assertEquals(readShape(["[7]"]), [7]);
  assertRefused(
    (text) => readShape([text]),
    ["", "3,", ",3", "3,-1", "1.5", "a", "3,,3", "[3", "1e3", "x3"],
  );
  assertThrows(() => readShape([]), UsageError, 'got ""');
});

Deno.test("seeds keep all their digits", () => {
  assertEquals(readSeed("--seed", "18446744073709551615"), 2n ** 64n - 1n);
  assertEquals(readSeed("--seed", "-1"), -1n);
  assertEquals(readSeed("--seed", "0x10"), 16n);
  assertRefused(
    (text) => readSeed("--seed", text),
    ["", "1.5", "1e3", "a", "-0x1", "1n"],
  );
});

Deno.test("words", () => {
  const dtypes = ["float32", "float64"] as const;
  assertEquals(readChoice("--dtype", "float64", dtypes), "float64");
  const error = assertThrows(
    () => readChoice("--dtype", "flot32", dtypes),
    UsageError,
  );
  assertEquals(
    error.message,
    'Cannot read --dtype: it must be one of float32, float64, got "flot32"; did you mean float32?',
  );
});
