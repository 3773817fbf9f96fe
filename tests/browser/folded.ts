/**
 * The folded answers of lessons, as a page shows them.
 *
 * @module
 */

/// <reference lib="dom" />

import { assert, assertEquals } from "@std/assert";
import type { Page } from "npm:playwright-core@1.65.1";
import type { Notebook } from "../../notebooks/runner/notebook.ts";
import { type Answer, answersOf } from "../notebooks/answers.ts";
import { committedNotebooks } from "../jupyter/notebooks.ts";

/** The answers of all lessons, and a notebook of the cells that hold them. */
export async function allAnswers(): Promise<
  { answers: readonly Answer[]; notebook: Notebook }
> {
  const lessons = await committedNotebooks();
  const answers = lessons.flatMap(({ notebook }) => answersOf(notebook));
  const cells = lessons.map(({ notebook }) => notebook.cells.at(-1)!);
  return { answers, notebook: { ...lessons[0].notebook, cells } };
}

/**
 * Fails if a page does not hide each answer until its line is clicked, or shows
 * something else than its code and what that prints.
 *
 * @param page The page.
 * @param answers The answers that it must hold.
 */
export async function assertFolded(
  page: Page,
  answers: readonly Answer[],
): Promise<void> {
  const folds = page.locator("details:has(> summary:text-is('Answer'))");
  await folds.nth(answers.length - 1).waitFor();
  assertEquals(await folds.count(), answers.length);
  for (const [index, { code, printed }] of answers.entries()) {
    const fold = folds.nth(index);
    const blocks = fold.locator("pre");
    assertEquals(await blocks.count(), 2);
    assert(!await blocks.first().isVisible());
    await fold.locator("summary").click();
    assert(await blocks.first().isVisible());
    const texts = await blocks.allTextContents();
    assertEquals(texts.map((text) => text.trimEnd()), [code, printed]);
    // The first stays open for a screenshot; all of them make a page too long.
    if (index > 0) await fold.locator("summary").click();
  }
}
