/**
 * The panel's HTML and style. It stands in a shadow root: its ids and rules
 * meet no others, however many panels a page has.
 *
 * @module
 */

import { escapeMarkup } from "../../core/show.ts";
import { type Field, initialiserFields, layerFields } from "./fields.ts";
import type { Texts } from "./fields.ts";

/**
 * Letters and background are the page's, so that they contrast as its own do,
 * in the picture too.
 * The lines and the focus ring are seen on white and on black. A list that
 * opens is not part of the page: it has colours of its own.
 */
const style = `:host{display:block;max-width:900px}
form{display:flex;flex-wrap:wrap;gap:.8em}
fieldset{display:grid;grid-template-columns:repeat(auto-fill,minmax(8em,1fr));gap:.6em .8em;align-items:end;flex:1 1 18em;min-width:0;margin:0;padding:.5em .9em .9em;border:1px solid #767676;border-radius:6px}
legend{padding:0 .4em;font-weight:600}
label{display:flex;flex-direction:column;gap:.2em;min-width:0}
label[hidden]{display:none}
label:has([name=initialiser]){grid-column:span 2}
label:has([type=checkbox]){flex-direction:row;align-items:center;gap:.5em;padding:.4em 0}
input,select{box-sizing:border-box;width:100%;min-width:0;height:2.1em;margin:0;padding:.2em .45em;font:inherit;color:inherit;background:transparent;border:1px solid #767676;border-radius:4px}
[type=checkbox]{width:1.2em;height:1.2em;accent-color:#0072b2}
option{color:#1f2328;background:#fff}
:focus-visible{outline:3px solid #0072b2;outline-offset:1px}
[aria-invalid=true]{border:2px solid #d55e00}
#status{margin:.8em 0;min-height:1.4em;padding-left:.7em;border-left:4px solid #0072b2;overflow-wrap:anywhere}
#status.error{border-left-color:#d55e00}
#status.error::before{content:"⚠ "}
.stale{opacity:.35;filter:grayscale(1)}
svg{display:block;max-width:100%;height:auto}
text{fill:currentColor}
code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.95em}`;

/**
 * Returns the panel: inputs, a line for results and errors, the picture's place
 * and the report's place.
 *
 * @param texts What the inputs hold at first.
 */
export function panelMarkup(texts: Texts): string {
  return `<style>${style}</style>
<form aria-label="Explore an initialiser" autocomplete="off">
${fieldset("Layer", layerFields, texts)}
${fieldset("Initialiser", initialiserFields, texts)}
</form>
<p id="status" role="status"></p>
<div id="result"><div id="picture"></div><div id="report"></div></div>`;
}

function fieldset(
  legend: string,
  fields: readonly Field[],
  texts: Texts,
): string {
  const labels = fields.map((field) => {
    const control = controlOf(field, texts[field.name]);
    const { label, kind } = field;
    return `<label>${
      kind === "flag"
        ? `${control} ${label}`
        : `<span>${label}</span>${control}`
    }</label>`;
  });
  return `<fieldset><legend>${legend}</legend>${labels.join("")}</fieldset>`;
}

function controlOf({ name, kind, choices, hint }: Field, text: string): string {
  const value = escapeMarkup(text);
  if (choices !== undefined) {
    const options = choices.map((choice) =>
      `<option${choice === text ? " selected" : ""}>${choice}</option>`
    );
    return `<select name="${name}">${options.join("")}</select>`;
  }
  if (kind === "flag") {
    const checked = text === "true" ? " checked" : "";
    return `<input type="checkbox" name="${name}"${checked}>`;
  }
  const whole = kind === "count" || kind === "integer";
  const type = whole ? `type="number" step="1"` : `type="text"`;
  const least = kind === "count" ? ` min="1"` : "";
  const title = hint === undefined ? "" : ` title="${hint}"`;
  return `<input ${type} name="${name}" value="${value}"${least}${title}>`;
}
