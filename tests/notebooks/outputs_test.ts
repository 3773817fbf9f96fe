import { assertEquals } from "@std/assert";
import type { JsonObject } from "../../notebooks/runner/json.ts";
import { Outputs } from "../../notebooks/runner/outputs.ts";

/** Returns what a cell shows after some messages: texts, and types for all else. */
function shown(...messages: readonly (readonly [string, JsonObject])[]) {
  const outputs = new Outputs();
  for (const [type, content] of messages) outputs.add(0, { type, content });
  return outputs.of(0).map((output) => {
    if (output.output_type === "stream") {
      return `${output.name}: ${output.text}`;
    }
    if (output.output_type === "error") {
      return `${output.ename}: ${output.evalue}`;
    }
    return String(output.data["text/plain"]);
  });
}

function stream(name: string, text: string) {
  return ["stream", { name, text }] as const;
}

function display(text: string, display_id?: string) {
  const data = { "text/plain": text };
  return ["display_data", {
    data,
    metadata: {},
    transient: { display_id },
  }] as const;
}

const error = ["error", {
  ename: "RangeError",
  evalue: "bad",
  traceback: [],
}] as const;

Deno.test("neighboring text of one stream is joined, other text is not", () => {
  assertEquals(
    shown(
      stream("stdout", "a\n"),
      stream("stdout", "b\n"),
      stream("stderr", "c\n"),
      stream("stdout", "d\n"),
    ),
    ["stdout: a\nb\n", "stderr: c\n", "stdout: d\n"],
  );
  assertEquals(
    shown(stream("stdout", "a"), display("x"), stream("stdout", "b")),
    ["stdout: a", "x", "stdout: b"],
  );
});

Deno.test("an error that overtook other outputs is put behind them", () => {
  assertEquals(
    shown(stream("stdout", "a"), error, stream("stdout", "b"), display("x")),
    [
      "stdout: ab",
      "x",
      "RangeError: bad",
    ],
  );
});

Deno.test("an update changes the outputs with its id, in whatever cell they are", () => {
  const outputs = new Outputs();
  const send = (cell: number, [type, content]: readonly [string, JsonObject]) =>
    outputs.add(cell, { type, content });
  send(0, display("old", "id"));
  send(0, display("other", "other id"));
  send(1, display("new", "id"));
  const texts = (cell: number) =>
    outputs.of(cell).map((output) =>
      "data" in output && output.data["text/plain"]
    );
  assertEquals([texts(0), texts(1)], [["new", "other"], ["new"]]);
  send(2, ["update_display_data", {
    data: { "text/plain": "newer" },
    metadata: {},
    transient: { display_id: "id" },
  }]);
  assertEquals([texts(0), texts(1), texts(2)], [
    ["newer", "other"],
    ["newer"],
    [],
  ]);
});

Deno.test("clear_output clears at once, or when the next output comes", () => {
  assertEquals(
    shown(stream("stdout", "a"), ["clear_output", { wait: false }]),
    [],
  );
  assertEquals(shown(stream("stdout", "a"), ["clear_output", { wait: true }]), [
    "stdout: a",
  ]);
  assertEquals(
    shown(
      stream("stdout", "a"),
      ["clear_output", { wait: true }],
      display("x"),
      display("y"),
    ),
    ["x", "y"],
  );
});

Deno.test("messages that are no outputs change nothing", () => {
  assertEquals(
    shown(["status", { execution_state: "busy" }], ["execute_input", {
      code: "1",
    }], display("x")),
    ["x"],
  );
});
