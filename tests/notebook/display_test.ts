import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { jupyterDisplay, type MimeBundle } from "../../lib/core/show.ts";
import { empty, tensor } from "../../lib/core/tensor.ts";
import { fan } from "../../lib/init/scaling.ts";
import { display } from "../../lib/notebook/display.ts";
import { weights } from "../../lib/plot/weights.ts";
import { type FakeKernel, inKernel } from "./fake_kernel.ts";

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
  await inKernel(async (kernel) => {
    const printed = await printedBy(async () => {
      await display("a");
      const promise = display("b") as unknown as {
        [jupyterDisplay](): Promise<unknown>;
      };
      assertEquals(await promise[jupyterDisplay](), {});
    });
    assertEquals(printed, []);
    assertEquals(textsOf(kernel), ['"a"', '"b"']);
  });
});

Deno.test("display shows all its values, at once and in order", async () => {
  await inKernel(async (kernel) => {
    const all = display(tensor([1]), fan([2, 3]), weights([1, 2]));
    assertEquals(kernel.sent.length, 3);
    const more = display(tensor([2]), { renderer: "svg" });
    assertEquals(kernel.sent.length, 4);
    await Promise.all([all, more]);
    const [first, , figure] = kernel.sent;
    assertEquals(first["text/plain"], "tensor([1.])");
    assert("application/vnd.plotly.v1+json" in figure);
  });
  assertEquals(await printedBy(() => display(1, [2], "c")), [[1], [[2]], [
    "c",
  ]]);
});

Deno.test("what has to wait does not lose its place", async () => {
  await inKernel(async (kernel) => {
    await Promise.all([
      display(1, tensor([2])),
      display(tensor([3])),
      assertRejects(() => display(new Odd())),
      display(tensor([4])),
    ]);
    assertEquals(textsOf(kernel), [
      ...["1", "tensor([2.])", "tensor([3.])", "tensor([4.])"],
    ]);
  });
});

Deno.test("an object at the end is shown, unless it is options and nothing else", async () => {
  const shown = [
    { renderer: "svg", more: 1 },
    { svg: "renderer" },
    {},
    new Map([["renderer", "svg"]]),
    Object.create({ renderer: "svg" }),
  ];
  await inKernel(async (kernel) => {
    for (const value of shown) await display(1, value);
    await display({ renderer: "svg" });
    assertEquals(kernel.sent.length, 2 * shown.length + 1);
    await display(weights([1, 2]), { renderer: "svg" });
    assertEquals(Object.keys(kernel.sent.at(-1)!), [
      ...["image/svg+xml", "text/plain"],
    ]);
  });
});

Deno.test("an option that is misspelt is an error, not a value", () => {
  for (const name of ["rendrer", "Renderer", "renderers"]) {
    assertThrows(
      () => display(1, { [name]: "svg" }),
      TypeError,
      `Cannot display a value: options must be among renderer, got ${name}; did you mean renderer?`,
    );
  }
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

Deno.test("toHtml refuses options that it does not know", async () => {
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

/** The console cannot print it. */
class Odd {
  [Symbol.for("Deno.customInspect")]() {
    throw new Error("odd");
  }
}

function textsOf(kernel: FakeKernel): unknown[] {
  return kernel.sent.map((bundle) => bundle["text/plain"]);
}

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
