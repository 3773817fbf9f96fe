/**
 * The front ends under test, and what each must show.
 *
 * @module
 */

import type { App } from "./lab.ts";
import type { Seen } from "./seen.ts";

/** A front end. */
export interface FrontEnd {
  readonly name: string;
  readonly app: App;
  /** Whether Python's plotly draws figures, with a plotly.js of its own. */
  readonly hasPlotly: boolean;
  /**
   * Whether it runs the notebooks; Notebook 7 opens what JupyterLab saved: it
   * shows outputs by the same code.
   */
  readonly runs: boolean;
}

/** What pip installs, and the front ends that are then there. */
export interface Environment {
  readonly packages: readonly string[];
  readonly frontEnds: readonly FrontEnd[];
}

/**
 * How a notebook comes into the page: its cells have just run; it was saved
 * after that and is opened again; the mouse has then been on each figure; it
 * comes from elsewhere and never ran here.
 */
export type State = "first run" | "reloaded" | "touched" | "untrusted";

const apps = ["jupyterlab==4.*", "notebook==7.*"];
const plotly = [...apps, "plotly==6.*"];

/** The environments; what the later one installs is added to what is there. */
export const environments: readonly Environment[] = [
  {
    packages: apps,
    frontEnds: [
      {
        name: "JupyterLab 4",
        app: "jupyterlab",
        hasPlotly: false,
        runs: true,
      },
      {
        name: "Notebook 7",
        app: "notebook",
        hasPlotly: false,
        runs: false,
      },
    ],
  },
  {
    packages: plotly,
    frontEnds: [
      {
        name: "JupyterLab 4, plotly 6",
        app: "jupyterlab",
        hasPlotly: true,
        runs: true,
      },
      {
        name: "Notebook 7, plotly 6",
        app: "notebook",
        hasPlotly: true,
        runs: false,
      },
    ],
  },
];

/** What is seen of a figure by whether Python's plotly draws it. */
const figures: Readonly<Record<State, readonly [html: Seen, plotly: Seen]>> = {
  "first run": ["drawn", "drawn"],
  // Python's plotly saves a picture of its own, and draws under the mouse.
  reloaded: ["drawn", "picture"],
  touched: ["drawn", "drawn"],
  // Scripts of HTML don't run there; Python's plotly is trusted with data.
  untrusted: ["picture", "drawn"],
};

/**
 * Returns what must be seen of a kind of output.
 *
 * @param kind The kind, as in an exhibit.
 * @param frontEnd The front end.
 * @param state How the notebook comes into the page.
 */
export function wantedOf(
  kind: string,
  { hasPlotly }: FrontEnd,
  state: State,
): Seen {
  if (kind.startsWith("plot.")) return figures[state][hasPlotly ? 1 : 0];
  if (kind === "explore") return state === "untrusted" ? "picture" : "live";
  return "table";
}
