/**
 * The folded answers of a lesson: its questions, the code that answers each, and
 * what the code prints.
 *
 * @module
 */

import type { Cell, Notebook } from "../../notebooks/runner/notebook.ts";

/** An answer, as the notebook says it. */
export interface Answer {
  /** The sentences, without their code spans and formulas. */
  readonly prose: string;
  /** The code to run after the notebook's own. */
  readonly code: string;
  /** What the code prints. */
  readonly printed: string;
}

const folded =
  /^( *)<details><summary>Answer<\/summary>\n\n([^]*?)\n\n\1<\/details>$/gm;
const blocks = /^```(ts|text)\n([^]*?)\n```$/gm;

/**
 * Returns the answers of a notebook, in order.
 *
 * @param notebook The notebook; the answers are in its last cell.
 * @throws {Error} If an answer has not one block of code and one of text.
 */
export function answersOf({ cells }: Notebook): Answer[] {
  return Array.from(
    cells.at(-1)!.source.matchAll(folded),
    ([, indent, text]) => {
      const plain = text.replaceAll(new RegExp(`^${indent}`, "gm"), "");
      const found = [...plain.matchAll(blocks)];
      const [code, printed, ...more] = found;
      if (code?.[1] !== "ts" || printed?.[1] !== "text" || more.length > 0) {
        throw new Error(`An answer must have code and its text: ${plain}`);
      }
      const prose = plain.replaceAll(blocks, "").replaceAll(
        /`[^`]*`|\$[^$]*\$/g,
        "",
      );
      return { prose, code: code[2], printed: printed[2] };
    },
  );
}

/**
 * Returns how many questions a notebook asks: the numbered ones of its last
 * cell, or the one before its only answer.
 *
 * @param notebook The notebook.
 */
export function questionsOf({ cells }: Notebook): number {
  const numbered = cells.at(-1)!.source.match(/^\d\. /gm) ?? [];
  return Math.max(1, numbered.length);
}

/**
 * Returns an answer as a cell that does not end the run if it fails.
 *
 * @param answer The answer.
 * @param index Its place.
 */
export function answerCell({ code }: Answer, index: number): Cell {
  return {
    cell_type: "code",
    id: `answer-${index}`,
    metadata: { tags: ["raises-exception"] },
    source: code,
    outputs: [],
    execution_count: null,
  };
}

/**
 * Returns the numbers of an answer's sentences that are not in a text: those of
 * two digits and more.
 *
 * @param prose The sentences.
 * @param text The code, and what it prints.
 */
export function numbersNotIn(prose: string, text: string): string[] {
  const numbers = (from: string) =>
    (from.match(/\d[\d,]*(?:\.\d+)?/g) ?? [])
      .map((number) => number.replaceAll(",", ""));
  const printed = new Set(numbers(text));
  return numbers(prose)
    .filter((number) => number.length > 1 && !printed.has(number));
}
