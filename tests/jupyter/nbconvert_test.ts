import { assert, assertEquals } from "@std/assert";
import { prepareLab } from "../../notebooks/lab.ts";
import { findPython } from "../../notebooks/venv.ts";
import { launchChromium, watchedPage } from "../browser/chromium.ts";
import { assertAllDrawn } from "../browser/drawn.ts";
import { convert } from "./nbconvert.ts";
import { committedNotebooks, figuresIn } from "./notebooks.ts";

const folder = new URL("../../notebooks/", import.meta.url);
const python = await findPython().catch(() => undefined);
if (python === undefined) console.log("NOT RUN: no Python");

/** What nbconvert's pages ask for themselves: require.js and formulas. */
const theirs = "https://cdnjs.cloudflare.com/ajax/libs/";

Deno.test({
  name: "nbconvert's pages draw every figure without a network",
  ignore: python === undefined,
  async fn(t) {
    const lab = await prepareLab();
    const out = await Deno.makeTempDir();
    await using browser = await launchChromium();
    try {
      for (const { name, notebook } of await committedNotebooks()) {
        await t.step(name, async () => {
          const path = new URL(`${name}.ipynb`, folder).pathname;
          await convert(lab, path, out);
          const { page, context, faults } = await watchedPage(browser);
          await using _context = context;
          await page.goto(`file://${out}/${name}.html`);
          const count = figuresIn(notebook).length;
          assert(count > 0);
          await assertAllDrawn(page, count);
          const ours = faults.filter((fault) => !fault.includes(theirs));
          assertEquals(ours, []);
        });
      }
    } finally {
      await Deno.remove(out, { recursive: true });
    }
  },
});
