/**
 * The text of plotly.js, pinned, and the only place that names it.
 *
 * The import is dynamic and stays here: a notebook reads the text at its first
 * figure, and a bundler puts it into the bundle.
 *
 * @module
 */

/** The hash of the text, in the form browsers check (`integrity`). */
export const plotlyIntegrity =
  "sha256-eVQhUIVaUsVnJg4xNwldvit0Tm1wKlyr5n2iRpQvuno=";

/** Where the same text is on the network, for pages that are not offline. */
export const plotlyUrl =
  "https://cdn.jsdelivr.net/npm/plotly.js-cartesian-dist-min@4.1.1/plotly-cartesian.min.js";

/**
 * Returns the text of plotly.js.
 *
 * @throws {TypeError} If it is neither cached nor to be had from npm.
 */
export async function plotlyText(): Promise<string> {
  const { default: text } = await import(
    "npm:plotly.js-cartesian-dist-min@4.1.1/plotly-cartesian.min.js",
    { with: { type: "text" } }
  );
  return text;
}
