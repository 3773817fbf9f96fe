import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { jupyterDisplay, type MimeBundle } from "../../lib/core/show.ts";
import { empty, tensor } from "../../lib/core/tensor.ts";
import { fan } from "../../lib/init/scaling.ts";
import { display } from "../../lib/notebook/display.ts";
import { weights } from "../../lib/plot/weights.ts";

Deno.test("outside a notebook display prints", async () => {
  const value = tensor([1, 2]);
  assertEquals(await printedBy(() => display(value)), [[value]]);
  assertEquals(await printedBy(() => display([1])), [[[1]]]);
});

Deno.test("display prints without Deno", async () => {
  await withDeno(undefined, async () => {
    assertEquals(await printedBy(() => display("text")), [["text"]]);
  });
});

Deno.test("in a notebook display shows, and its promise shows as nothing", async () => {
  const shown: unknown[] = [];
  const jupyter = {
    async display(value: unknown) {
      await Promise.resolve();
      shown.push(value);
    },
  };
  await withDeno({ jupyter }, async () => {
    const printed = await printedBy(async () => {
      await display("a");
      const promise = display("b") as unknown as {
        [jupyterDisplay](): Promise<unknown>;
      };
      assertEquals(await promise[jupyterDisplay](), {});
    });
    assertEquals(printed, []);
  });
  assertEquals(shown, ["a", "b"]);
});

Deno.test("a promise is not displayed but is to be awaited", () => {
  const message =
    "Cannot display a value: value must be there, got a Promise; await it";
  assertThrows(
    () => display(Promise.resolve(tensor([1]))),
    TypeError,
    message,
  );
});

Deno.test("display and toHtml refuse options that they do not know", async () => {
  const cases: [unknown, string][] = [
    [{ libary: true }, "got libary; did you mean library?"],
    [{ library: 1 }, "library must be true or false, got 1"],
    [
      new Map([["library", true]]),
      "options must be a plain object, got Map(1)",
    ],
    [Object.create({ library: true }), "options must be a plain object"],
    [tensor([1]), "options must be a plain object, got an object of class"],
    [null, "options must be a plain object, got null"],
  ];
  for (const [options, message] of cases) {
    assertThrows(() => display(1, options as never), TypeError, message);
  }
  const values = [tensor([1]), fan([2, 3]), weights([1, 2])];
  for (const value of values) {
    const html = (options: unknown) => () => value.toHtml(options as never);
    await assertRejects(
      html({ ofline: false }),
      TypeError,
      "got ofline; did you mean offline?",
    );
    await assertRejects(
      html({ offline: 0 }),
      TypeError,
      "Cannot make HTML: offline must be true or false, got 0",
    );
    await assertRejects(html(new Map()), TypeError, "plain object, got Map(0)");
  }
});

Deno.test("a value answers the kernel a few milliseconds later", async () => {
  // Deno's kernel may put what comes at once under the next cell.
  const value = empty([2]).size() as unknown as {
    [jupyterDisplay](): Promise<MimeBundle>;
  };
  const order: string[] = [];
  const answered = value[jupyterDisplay]().then(() => order.push("answer"));
  await new Promise((resume) => setTimeout(resume, 3));
  order.push("3 ms");
  await answered;
  assertEquals(order, ["3 ms", "answer"]);
});

async function printedBy(action: () => Promise<void>): Promise<unknown[][]> {
  const { log } = console;
  const printed: unknown[][] = [];
  console.log = (...values) => printed.push(values);
  try {
    await action();
  } finally {
    console.log = log;
  }
  return printed;
}

/** Puts something in the place of `globalThis.Deno`. */
async function withDeno(
  value: unknown,
  action: () => Promise<void>,
): Promise<void> {
  const own = Object.getOwnPropertyDescriptor(globalThis, "Deno")!;
  Object.defineProperty(globalThis, "Deno", { value, configurable: true });
  try {
    await action();
  } finally {
    Object.defineProperty(globalThis, "Deno", own);
  }
}
