import { assertEquals } from "@std/assert";
import { jupyterDisplay } from "../../lib/core/show.ts";
import { tensor } from "../../lib/core/tensor.ts";
import { display } from "../../lib/notebook/display.ts";

Deno.test("outside a notebook display prints", async () => {
  const value = tensor([1, 2]);
  assertEquals(await printedBy(() => display(value)), [[value]]);
  assertEquals(await printedBy(() => display([1])), [[[1]]]);
});

Deno.test("display prints where there is no Deno", async () => {
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
