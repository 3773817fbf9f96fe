/**
 * The page that `inspect --plot` writes: findings, figures, and the table of
 * tensors. It needs nothing from a network.
 *
 * @module
 */

import { escapeMarkup } from "../core/show.ts";
import { Tensor } from "../core/tensor.ts";
import { figureRenderer } from "../display/figure.ts";
import { carryAgain } from "../display/library.ts";
import { factLine, marked, table } from "../display/table.ts";
import { writeAtomically } from "../files/atomic.ts";
import type {
  Finding,
  Inspection,
  TensorReport,
} from "../inspection/result.ts";
import type { Figure } from "../plot/figure.ts";
import { formatCount } from "../plot/format.ts";
import { layers } from "../plot/layers.ts";
import { weights } from "../plot/weights.ts";
import { formatBytes } from "./bytes.ts";
import { reportCells, reportColumns } from "./inspect_columns.ts";

/** What one figure of layers holds. */
const mostRidges = 240;

/** So many tensors have a figure of their own. */
const mostOwn = 6;

/** So many rows the tables have; the page stays one that a browser shows. */
const mostRows = 2000;

/** Collects what the page shows. */
export class Gallery {
  readonly #samples = new Map<string, Tensor>();

  /**
   * Takes a tensor.
   *
   * @param report What is in it.
   * @param values Some of its values, or all.
   */
  add(report: TensorReport, values: Readonly<ArrayLike<number>>): void {
    // More could not be drawn, and would fill the memory.
    if (values.length === 0 || this.#samples.size >= mostRidges) return;
    if (report.min === null) return;
    const data = Float32Array.from(values);
    this.#samples.set(report.name, new Tensor(data, [data.length], "float32"));
  }

  /**
   * Writes the page.
   *
   * @param path The page; what was there is replaced.
   * @param source The checkpoint's path, for the title.
   * @param inspection What was found.
   */
  async write(
    path: string,
    source: string,
    inspection: Inspection,
  ): Promise<void> {
    const page = new TextEncoder().encode(await this.#page(source, inspection));
    await writeAtomically(path, (file) => file.write(0, page));
  }

  async #page(source: string, inspection: Inspection): Promise<string> {
    const { tensors, findings, elements, bytes } = inspection;
    const title = escapeMarkup(source.split(/[\\/]/).at(-1) || source);
    carryAgain();
    const figures: string[] = [];
    for (const figure of this.#figures(findings)) {
      figures.push(`<section>${await markupOf(figure)}</section>`);
    }
    const facts = factLine([
      `${formatCount(tensors.length)} tensors`,
      `${formatCount(elements)} elements`,
      formatBytes(bytes),
      `${
        formatCount(findings.filter(({ matters }) => matters).length)
      } findings that matter`,
    ]);
    return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:1100px;padding:0 1em;background:Canvas;color:CanvasText}
h1{font-size:1.4em}h2{font-size:1.1em;margin-top:2em}section{margin:1.5em 0}
.wide{overflow-x:auto;font-size:.85em}.findings td:last-child{white-space:normal;min-width:30em}
</style>
<h1>${title}</h1>
${facts}
<h2>Findings</h2>
${findingsTable(findings)}
<h2>Distributions</h2>
${figures.join("\n")}
<p>${this.#samples.size} of ${
      formatCount(tensors.length)
    } tensors are drawn: the first ${mostRidges} of floats at most. Of more than
65,536 values, so many are drawn, in blocks evenly spread.</p>
<h2>Tensors</h2>
${tensorsTable(inspection)}
</html>
`;
  }

  /** One of all, and one for each of the most notable. */
  #figures(findings: readonly Finding[]): Figure[] {
    if (this.#samples.size === 0) return [];
    const notable = this.#notable(findings);
    return [
      layers(Object.fromEntries(this.#samples)),
      ...notable.map((name) =>
        weights(this.#samples.get(name)!, { title: name })
      ),
    ];
  }

  /** The first of each kind, then the second, and so on. */
  #notable(findings: readonly Finding[]): string[] {
    const drawable = findings.filter(({ kind, tensor }) =>
      kind !== "duplicate" && this.#isDrawable(tensor)
    );
    const kinds = [...Map.groupBy(drawable, ({ kind }) => kind).values()];
    const turns = Array.from(
      { length: mostOwn },
      (_, turn) => kinds.flatMap((ofKind) => ofKind.slice(turn, turn + 1)),
    );
    return [...new Set(turns.flat().map(({ tensor }) => tensor))]
      .slice(0, mostOwn);
  }

  #isDrawable(name: string): boolean {
    const sample = this.#samples.get(name)?.toFloat32() ?? [];
    return sample.some((value, _, all) =>
      Number.isFinite(value) && value !== all[0]
    );
  }
}

async function markupOf(figure: Figure): Promise<string> {
  const bundle = await figureRenderer.bundle(figure, { renderer: "html" });
  return String(bundle["text/html"]);
}

function findingsTable(findings: readonly Finding[]): string {
  if (findings.length === 0) return "<p>None.</p>";
  const rows = findings
    .toSorted((a, b) => Number(b.matters) - Number(a.matters))
    .slice(0, mostRows).map(({ kind, tensor, message, matters }) => [
      matters ? marked(`! ${kind}`) : kind,
      tensor,
      message,
    ]);
  const titles = ["kind", "tensor", "what"].map((title) => ({ title }));
  return `<div class="wide findings">${table(titles, rows)}</div>${
    cutLine(findings.length)
  }`;
}

function tensorsTable({ tensors, findings }: Inspection): string {
  const bad = new Set(
    findings.filter(({ matters }) => matters).map(({ tensor }) => tensor),
  );
  const rows = tensors.slice(0, mostRows).map((report) => {
    const [name, ...cells] = reportCells(report);
    return [bad.has(name) ? marked(name) : name, ...cells];
  });
  return `<div class="wide">${table(reportColumns, rows)}</div>${
    cutLine(tensors.length)
  }`;
}

function cutLine(count: number): string {
  return count <= mostRows
    ? ""
    : `<p>The first ${formatCount(mostRows)} of ${formatCount(count)}.</p>`;
}
