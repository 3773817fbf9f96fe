import { assertEquals } from "@std/assert";
import { prepareLab } from "../../notebooks/lab.ts";
import { formatNotebook } from "../../notebooks/runner/notebook.ts";
import { findPython } from "../../notebooks/venv.ts";
import { launchChromium, watchedPage } from "../browser/chromium.ts";
import { assertAllDrawn, assertCount } from "../browser/drawn.ts";
import { screenshot } from "../browser/screenshot.ts";
import { startLab } from "./lab.ts";
import { NotebookPage } from "./notebook_page.ts";
import { figuresIn, readNotebook } from "./notebooks.ts";

const folder = new URL("../../notebooks/", import.meta.url);
const python = await findPython().catch(() => undefined);
if (python === undefined) console.log("NOT RUN: no Python");

Deno.test({
  name: "Notebook 7 draws every figure, at the first run and after a reload",
  ignore: python === undefined,
  async fn(t) {
    const venv = await Deno.makeTempDir();
    try {
      const lab = await prepareLab(venv, ["notebook==7.*"]);
      await using server = await startLab(lab, "notebook");
      await using browser = await launchChromium();
      const names = [...Deno.readDirSync(folder)]
        .map(({ name }) => name)
        .filter((name) => name.endsWith(".ipynb"))
        .map((name) => name.replace(".ipynb", ""))
        .sort();
      for (const name of names) {
        await t.step(name, async () => {
          const committed = await readNotebook(
            new URL(`${name}.ipynb`, folder).pathname,
          );
          const count = figuresIn(committed).length;
          const cells = committed.cells.map((cell) =>
            cell.cell_type === "code"
              ? { ...cell, outputs: [], execution_count: null }
              : cell
          );
          await Deno.writeTextFile(
            server.path(name),
            formatNotebook({ ...committed, cells }),
          );
          const { page, context, faults } = await watchedPage(browser, {
            viewport: { width: 1300, height: 1600 },
          });
          await using _context = context;
          const notebook = new NotebookPage(page, "notebook");
          await notebook.open(server.url(name), cells.length);
          await assertCount(notebook.figures, 0, "figures before the run");
          // Notebook throws one of its own, without any output too.
          const own = new Set(faults);
          await notebook.runAll();
          await assertAllDrawn(page, count);
          await notebook.save();
          await notebook.open(server.url(name), cells.length);
          await assertAllDrawn(page, count);
          await screenshot(page, `notebook7_${name}`);
          assertEquals(faults.filter((fault) => !own.has(fault)), []);
        });
      }
    } finally {
      await Deno.remove(venv, { recursive: true });
    }
  },
});
