// Runs alone: it measures time.
import { assert, assertEquals } from "@std/assert";
import {
  digitsFor,
  formatCount,
  formatNumber,
  formatShare,
  rounder,
} from "../../lib/core/format.ts";
import { diverging, ink, palette } from "../../lib/plot/theme.ts";
import {
  asTyped,
  blockHistogram,
  endsLine,
  parseText,
  plainText,
  shortenNames,
  textWidth,
  wrapText,
} from "../../lib/plot/text.ts";
import { hostile } from "./figures.ts";

Deno.test("numbers are written to four digits, in any size", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [-0, "0"],
    [1 / 12, "0.08333"],
    [-0.05, "−0.05"],
    [99_999, "99999"],
    [123_456, "123456"],
    [1_234_567, "1.235e6"],
    [0.00012346, "0.0001235"],
    [-2e-12, "−2e−12"],
    [NaN, "–"],
    [-Infinity, "−∞"],
  ];
  for (const [value, text] of cases) assertEquals(formatNumber(value), text);
  assertEquals(formatNumber(0.0833, 3), "0.0833");
});

Deno.test("a narrow interval far from 0 gets more digits", () => {
  assertEquals(digitsFor(-1, 1), 4);
  assertEquals(digitsFor(0.1, 0.7), 4);
  assertEquals(digitsFor(1e6 - 5, 1e6 + 5), 9);
  assertEquals(digitsFor(-3, -3), 4);
  assertEquals(digitsFor(0, 0), 4);
});

Deno.test("counts and shares are written for people", () => {
  assertEquals(
    [0, 999, 4752, 25_000_000].map(formatCount),
    ["0", "999", "4,752", "25,000,000"],
  );
  assertEquals(
    [0, 1e-9, 0.125, 0.99999, 1].map(formatShare),
    ["0 %", "below 0.1 %", "12.5 %", "above 99.9 %", "100 %"],
  );
});

Deno.test("rounding keeps what is seen, in any span", () => {
  assertEquals(rounder(1)(1 / 3), 0.33333);
  assertEquals(rounder(2e-12)(1e-12 / 3), 3.3333e-13);
  assertEquals(rounder(3e6)(1e6 / 3), 333333);
  assertEquals(rounder(1e-200)(1e-200 / 3), 3.33333e-201);
});

Deno.test("escaped text reads as it was typed", () => {
  for (const text of [...hostile, "plain", "a & b", "100 %", "1 < 2 > 0"]) {
    assertEquals(plainText(asTyped(text)), text);
    assertEquals(parseText(asTyped(text)).length, 1);
  }
  assertEquals(asTyped("two\nlines\u0000\u2028end"), "two lines end");
});

Deno.test("breaks and bold are understood, other tags dropped", () => {
  assertEquals(parseText("a<br>b <b>c</b><i>d</i>&nbsp;&lt;&#x41;&no;"), [
    [{ text: "a", bold: false }],
    [
      { text: "b ", bold: false },
      { text: "c", bold: true },
      { text: "d", bold: false },
      { text: "\u00a0<A&no;", bold: false },
    ],
  ]);
});

Deno.test("lines fit, words stay whole where they can, the rest is cut", () => {
  assertEquals(wrapText("one two three", 1000, 10, 2), ["one two three"]);
  const lines = wrapText("one two three four five six", 60, 10, 3);
  assertEquals(lines, ["one two", "three four", "five six"]);
  const cut = wrapText("漢字".repeat(100), 100, 10, 2);
  assertEquals(cut.length, 2);
  assert(cut[1].endsWith("…"));
  for (const line of cut) assert(textWidth(line, 10) <= 100, line);
  // A character of two code units is never cut in half.
  for (const line of wrapText("😀".repeat(9), 25, 10, 3)) {
    assert(line.isWellFormed(), line);
  }
});

Deno.test("blocks rise with counts: none is empty, any is seen", () => {
  assertEquals(
    blockHistogram([0, 1, 1000, 500]).replace(/(.)\1+/g, "$1"),
    " ▁█▄",
  );
  assertEquals(blockHistogram(Array(60).fill(1)), "█".repeat(60));
  assertEquals(blockHistogram(Array(100).fill(1)).length, 50);
  assertEquals(endsLine(-1, 12.5, 12), "-1      12.5");
});

Deno.test("text has contrast on white and on black, and colors are seen", () => {
  assert(contrast(ink, 1) >= 4.5 && contrast(ink, 0) >= 4.5);
  for (const color of palette.slice(0, 4)) {
    assert(contrast(color, 0) >= 3, color);
  }
  const [, , [, center]] = diverging;
  const [red, green, blue] = channels(center);
  assert(red === green && green === blue);
  // Evenly darker to both ends.
  const lights = diverging.map(([, color]) => luminance(color));
  assert(lights[0] < lights[1] && lights[1] < lights[2]);
  assert(lights[4] < lights[3] && lights[3] < lights[2]);
});

function channels(color: string): number[] {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
}

/** Relative luminance as WCAG 2 defines it. */
function luminance(color: string): number {
  const [red, green, blue] = channels(color).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(color: string, background: number): number {
  const [low, high] = [luminance(color), background].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

Deno.test("long names are shortened and wrapped in a time that grows with their length", () => {
  // A time that grows with the square would be hours.
  const long = "a.weight".repeat(125_000);
  const start = performance.now();
  const short = shortenNames([long, `${long}b`], 100, 12);
  const [line, last] = wrapText(long, 100, 12, 2);
  assert(performance.now() - start < 30_000);
  for (const text of [...short, line, last]) {
    assert(textWidth(text, 12) <= 100 && text.length > 5, text);
  }
  assert(short[0] !== short[1]);
});
