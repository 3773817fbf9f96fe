/**
 * The panel in the page: reads its inputs, runs the library, shows what comes.
 * `deno task explorer` bundles this file with all it needs.
 *
 * @module
 */

import { size } from "../../plot/theme.ts";
import {
  type Explored,
  explored,
  type OptionName,
  optionOf,
  optionsInForce,
  optionTable,
} from "./settings.ts";
import { panelMarkup, readTexts, type Texts } from "./form.ts";
import type {
  PageElement,
  PageInput,
  PageObserver,
  PageRoot,
} from "./explorer.ts";
import { markupOf, pictureOf, summaryOf } from "./report.ts";

/** The narrowest picture that is drawn; narrower places show it smaller. */
const narrowest = 480;

/** The error's sentence names what is at fault. */
const atFault = /: (?:the )?(\w+)/;

/**
 * Puts a live panel in the place of an element's content.
 *
 * @param root The element; its children stay in the page, unseen.
 * @param texts What the inputs hold at first.
 * @param Observer The page's ResizeObserver.
 */
export function mount(
  root: PageElement,
  texts: Texts,
  Observer: PageObserver,
): void {
  const panel = root.attachShadow({ mode: "open" });
  panel.innerHTML = panelMarkup(texts);
  let found: Explored | undefined;
  let drawn = 0;

  function update(): void {
    showFields(panel);
    try {
      found = explored(readTexts(textsOf(panel)));
      draw();
      at("#report").innerHTML = markupOf(found);
      say(summaryOf(found));
    } catch (error) {
      say(String(error instanceof Error ? error.message : error), true);
    }
  }

  function draw(): void {
    drawn = widthOf(root);
    at("#picture").innerHTML = pictureOf(found!, drawn);
  }

  /** What was shown last stays, grayed, under an error. */
  function say(text: string, wrong = false): void {
    at("#status").textContent = text;
    at("#status").classList.toggle("error", wrong);
    at("#result").classList.toggle("stale", wrong);
    at("#result").setAttribute("aria-hidden", String(wrong));
    const culprit = wrong ? atFault.exec(text)?.[1] : undefined;
    for (const input of inputsOf(panel)) {
      input.setAttribute("aria-invalid", String(input.name === culprit));
    }
  }

  function at(selector: string): PageElement {
    return panel.querySelector(selector)!;
  }

  at("form").addEventListener("input", update);
  new Observer(() => {
    if (found !== undefined && widthOf(root) !== drawn) draw();
  }).observe(root);
  update();
}

/** Leaves out the options and the choices that the initializer does not take. */
function showFields(panel: PageRoot): void {
  const { initializer, nonlinearity } = textsOf(panel);
  const used = new Set<string>(optionsInForce({ initializer, nonlinearity }));
  for (const input of inputsOf(panel)) {
    if (!Object.hasOwn(optionTable, input.name)) continue;
    input.closest("label")!.hidden = !used.has(input.name);
    if (used.has(input.name)) showChoices(input, initializer);
  }
}

function textsOf(panel: PageRoot): Texts {
  return Object.fromEntries(
    inputsOf(panel).map((input) => [
      input.name,
      input.type === "checkbox" ? String(input.checked) : input.value,
    ]),
  ) as unknown as Texts;
}

function inputsOf(panel: PageRoot): PageInput[] {
  return Array.from(panel.querySelectorAll("input, select")) as PageInput[];
}

/** A choice that the initializer lacks gives way to its default. */
function showChoices(input: PageInput, initializer: string): void {
  const { choices, fallback } = optionOf(initializer, input.name as OptionName);
  if (choices === undefined) return;
  for (const option of Array.from(input.querySelectorAll("option"))) {
    option.hidden = !choices.includes(option.textContent);
  }
  if (!choices.includes(input.value)) input.value = String(fallback);
}

function widthOf({ clientWidth }: PageElement): number {
  if (clientWidth === 0) return size.width;
  return Math.min(size.width, Math.max(narrowest, clientWidth));
}
