import { assert, assertEquals } from "@std/assert";
import { prepareLab } from "../../notebooks/lab.ts";
import { findPython } from "../../notebooks/venv.ts";
import { launchChromium, watchedPage } from "../browser/chromium.ts";
import { assertAllDrawn } from "../browser/drawn.ts";
import { mirrorModules } from "../notebooks/mirror.ts";
import { copiesIn, figuresIn, newNotebook, readNotebook } from "./notebooks.ts";

const python = await findPython().catch(() => undefined);
if (python === undefined) console.log("NOT RUN: no Python");

const figure = (index: number) =>
  `plot.weights([1, 2, ${index}], { title: "Figure ${index}" })`;

const sources = [
  `import { display, plot } from "../mod.ts"; undefined`,
  ...Array.from(
    { length: 10 },
    (_, index) =>
      index % 2 === 0
        ? figure(index)
        : `await display(${figure(index)}); ${figure(index + 0.5)}`,
  ),
];

/** What nbconvert's pages ask for themselves: require.js and formulas. */
const theirs = "https://cdnjs.cloudflare.com/ajax/libs/";

Deno.test({
  name: "what nbclient runs carries plotly.js, and nbconvert's page draws it",
  ignore: python === undefined,
  async fn() {
    const { python, env } = await prepareLab();
    const home = await Deno.makeTempDir();
    await mirrorModules(home);
    const path = `${home}/notebooks/run.ipynb`;
    await using browser = await launchChromium();
    try {
      await Deno.writeTextFile(path, newNotebook(sources));
      await convert(
        python,
        env,
        "--to=notebook",
        "--execute",
        "--inplace",
        path,
      );
      // It stops listening when a cell ends, and misses an output at times.
      const copies = await copiesIn(path);
      assert(copies >= 1, `${copies} copies`);
      await convert(python, env, "--to=html", path);
      const { page, context, faults } = await watchedPage(browser);
      await using _context = context;
      await page.goto(`file://${path.replace("ipynb", "html")}`);
      const count = figuresIn(await readNotebook(path)).length;
      assert(count >= 10, `${count} figures`);
      await assertAllDrawn(page, count);
      assertEquals(faults.filter((fault) => !fault.includes(theirs)), []);
    } finally {
      await Deno.remove(home, { recursive: true });
    }
  },
});

async function convert(
  python: string,
  env: Record<string, string>,
  ...args: readonly string[]
): Promise<void> {
  const { success, stderr } = await new Deno.Command(python, {
    args: ["-m", "nbconvert", ...args],
    env,
    stdin: "null",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}
