import { assert, assertEquals } from "@std/assert";
import {
  formatBytes,
  printJson,
  Progress,
  progressLine,
  tableLines,
} from "../../lib/cli/terminal.ts";
import { fakeTerminal } from "./fake_terminal.ts";

const clear = "\r\x1b[K";

Deno.test("a status is shown, replaced, and taken away by other text", () => {
  const { terminal, out, error } = fakeTerminal({ isTerminal: true });
  terminal.status("one");
  terminal.status("two");
  terminal.out("text");
  terminal.out("more");
  assertEquals(error(), `${clear}one${clear}two${clear}`);
  assertEquals(out(), "text\nmore\n");
  terminal.status("three");
  terminal.error("wrong");
  terminal.status("");
  assertEquals(error().split("two")[1], `${clear}${clear}three${clear}wrong\n`);
});

Deno.test("a status is shown at most ten times a second", () => {
  const { terminal, error } = fakeTerminal({ isTerminal: true, tick: 40 });
  for (let i = 0; i < 7; i++) terminal.status(`${i}`);
  assertEquals(error(), [0, 3, 6].map((i) => `${clear}${i}`).join(""));
});

Deno.test("no status is shown where standard error is no terminal", () => {
  const { terminal, error } = fakeTerminal({ showsStatus: false });
  terminal.status("one");
  terminal.out("text");
  assertEquals(error(), "");
});

Deno.test("a status fits the console, whatever is in it", () => {
  const options = { columns: 20, showsStatus: true };
  const { terminal, error } = fakeTerminal(options);
  terminal.status(`${"x".repeat(30)}\n\x1b[31m`);
  const [, line] = error().split(clear);
  assertEquals(line.length, 19);
  assert(!/\p{Cc}/u.test(line));
});

Deno.test("text has styles on a terminal that shows colors, and not else", () => {
  const painted = (options: object) =>
    fakeTerminal(options).terminal.paint("x", "bold", "red");
  assertEquals(
    painted({ isTerminal: true }),
    "\x1b[31m\x1b[1mx\x1b[22m\x1b[39m",
  );
  assertEquals(painted({ isTerminal: true, colors: false }), "x");
  assertEquals(painted({ isTerminal: false }), "x");
});

Deno.test("the width is the console's, and 80 where there is none", () => {
  const width = (options: object) => fakeTerminal(options).terminal.width;
  assertEquals(width({ isTerminal: true, columns: 200 }), 200);
  assertEquals(width({ isTerminal: false, columns: 200 }), 80);
});

Deno.test("JSON: one line, indented for people; what it lacks is text", () => {
  const value = { a: [NaN, -Infinity, 1.5, 2n ** 64n], b: null };
  const piped = fakeTerminal();
  printJson(piped.terminal, value);
  const text = '{"a":["NaN","-Infinity",1.5,"18446744073709551616"],"b":null}';
  assertEquals(piped.out(), `${text}\n`);
  const seen = fakeTerminal({ isTerminal: true });
  printJson(seen.terminal, value);
  assertEquals(seen.out(), `${JSON.stringify(JSON.parse(text), null, 2)}\n`);
});

Deno.test("bytes are written with three digits", () => {
  const texts: [number, string][] = [
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.00 kB"],
    [9994, "9.99 kB"],
    [9996, "10.0 kB"],
    [99_960, "100 kB"],
    [999_499, "999 kB"],
    [999_500, "1.00 MB"],
    [28e9, "28.0 GB"],
    [5e18, "5000 PB"],
  ];
  for (const [bytes, text] of texts) assertEquals(formatBytes(bytes), text);
});

Deno.test("progress: share, bar, bytes, speed, time left, and a label", () => {
  const advance = {
    done: 1.25e9,
    total: 5e9,
    seconds: 5,
    label: "layers.0.weight",
  };
  assertEquals(
    progressLine(advance, 100),
    " 25 % █████░░░░░░░░░░░░░░░  1.25 GB of 5.00 GB  250 MB/s  15 s left  layers.0.weight",
  );
  assertEquals(
    progressLine({ ...advance, seconds: 0.5 }, 60),
    " 25 % █████░░░░░░░░░░░░░░░  1.25 GB of 5.00 GB  layer…weight",
  );
  assertEquals(
    progressLine(advance, 60),
    " 25 %  1.25 GB of 5.00 GB  250 MB/s  15 s left",
  );
});

Deno.test("progress is counted up, and taken away at its end", () => {
  const { terminal, error } = fakeTerminal({ showsStatus: true });
  const progress = new Progress(terminal, 10);
  progress.add(2, "a");
  progress.add(3, "b");
  progress.end();
  const [, first, second, end] = error().split(clear);
  assert(first.startsWith(" 20 % ") && first.endsWith("  a"), first);
  assert(second.startsWith(" 50 % ") && second.endsWith("  b"), second);
  assertEquals(end, "");
});

Deno.test("progress is never more than all, also of nothing", () => {
  const line = (done: number, total: number) =>
    progressLine({ done, total, seconds: 1000, label: "" }, 79);
  assert(line(5, 5).startsWith("100 % ████████████████████  5 B of 5 B"));
  assert(line(9, 5).startsWith("100 % ████████████████████  9 B of 5 B"));
  assert(line(0, 0).startsWith("100 % ████████████████████  0 B of 0 B"));
  assert(line(999, 1000).startsWith(" 99 % ███████████████████▉  "));
  assert(line(1, 5).includes("67 min left"));
  assert(line(1, 500).includes("139 h left"));
  for (const width of [20, 40, 60, 79, 199]) {
    const label = "x".repeat(300);
    const advance = { done: 1e9, total: 9e9, seconds: 9, label };
    assert(progressLine(advance, width).length <= Math.max(width, 46));
  }
});

Deno.test("tables: aligned, bare columns left out, names cut to fit", () => {
  const columns = [
    { title: "name" },
    { title: "n", align: "right" },
    { title: "note" },
  ] as const;
  const rows = [["a", "1", ""], ["encoder.layers.11.weight", "200", ""]];
  assertEquals(tableLines(columns, rows), [
    "name                        n",
    "a                           1",
    "encoder.layers.11.weight  200",
  ]);
  assertEquals(tableLines(columns, rows, 20), [
    "name               n",
    "a                  1",
    "encoder….weight  200",
  ]);
  assertEquals(
    tableLines(columns, [["a\x1b[31m\nb", "1", "x"]], 80)[1],
    "a [31m b  1  x",
  );
});
