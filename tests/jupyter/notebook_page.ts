/**
 * A notebook open in JupyterLab or in Notebook, driven as a person drives it.
 *
 * @module
 */

/// <reference lib="dom" />

import type { Locator, Page } from "npm:playwright-core@1.65.1";
import type { App } from "./lab.ts";

/** How long cells may take to run, in milliseconds. */
const patience = 180_000;

/**
 * In Notebook 7 the indicator is idle before there is a kernel, too; the status
 * is an information until the kernel has answered.
 */
const notebookIsIdle =
  'body:has(.jp-Notebook-ExecutionIndicator[data-status="idle"]) ' +
  ".jp-NotebookKernelStatus-fade:not(.jp-NotebookKernelStatus-info)";

/** What the console printed, a value that only has text, and plotly.js. */
const text = ':is([data-mime-type^="application/vnd.jupyter.std"], ' +
  '[data-mime-type="text/plain"], script[data-fanin-library])';

/** A notebook in a page of JupyterLab or of Notebook. */
export class NotebookPage {
  /** The browser's page. */
  readonly page: Page;

  readonly #idleMark: Locator;

  /**
   * Takes a page of the browser.
   *
   * @param page The page.
   * @param app The front end, which tells in its own way that a kernel is idle.
   */
  constructor(page: Page, app: App = "jupyterlab") {
    this.page = page;
    this.#idleMark = app === "jupyterlab"
      ? page.getByText("Deno | Idle")
      : page.locator(notebookIsIdle);
  }

  /** The figures in the page, whether drawn or not. */
  get figures(): Locator {
    return this.page.locator("[data-fanin-figure]");
  }

  /** The outputs that may do more than show themselves. */
  get trustedOutputs(): Locator {
    return this.page.locator(".jp-OutputArea-output.jp-mod-trusted");
  }

  /**
   * Returns what a cell shows besides text.
   *
   * @param cell The cell, from 0 among all cells.
   * @param place The output, from 0 among the cell's that are no text.
   */
  output(cell: number, place: number): Locator {
    return this.page.locator(".jp-Notebook-cell").nth(cell)
      .locator(
        `.jp-OutputArea-child:not(:has(${text}, > .jp-OutputArea-output:empty))`,
      ).nth(place)
      .locator(".jp-OutputArea-output");
  }

  /**
   * Opens a notebook and waits until all its cells and its kernel are there.
   *
   * @param url Its address.
   * @param count The number of its cells.
   */
  async open(url: string, count: number): Promise<void> {
    await this.page.goto(url);
    await this.page.locator(".jp-Notebook-cell").nth(count - 1).waitFor({
      state: "attached",
    });
    await this.#idle();
  }

  /** Runs all cells by the menu, and waits until all are done. */
  async runAll(): Promise<void> {
    await this.#command("Run", "runmenu:run-all");
    await this.page.waitForFunction(
      () =>
        [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")]
          .every(({ textContent }) => /\[\d+\]/.test(textContent)),
      undefined,
      { timeout: patience },
    );
    await this.#idle();
  }

  /**
   * Runs one cell by the keyboard, and waits until it is done.
   *
   * @param index The cell, from 0 among all cells.
   * @param source What is typed in the place of its source, if anything.
   */
  async run(index: number, source?: string): Promise<void> {
    const cell = this.page.locator(".jp-Notebook-cell").nth(index);
    const prompt = cell.locator(".jp-InputPrompt");
    await cell.locator(".cm-content").click();
    if (source !== undefined) {
      await this.page.keyboard.press("Control+a");
      await this.page.keyboard.insertText(source);
      await this.page.waitForFunction(
        ({ index, source }) => {
          const cell = document.querySelectorAll(".jp-Notebook-cell")[index];
          return cell.querySelector(".cm-content")!.textContent === source;
        },
        { index, source },
        { timeout: patience },
      );
    }
    // After a restart the number may be the same again.
    await prompt.evaluate((element) => element.textContent = "");
    await this.page.keyboard.press("Control+Enter");
    await this.page.waitForFunction(
      (index) => {
        const cell = document.querySelectorAll(".jp-Notebook-cell")[index];
        const text = cell.querySelector(".jp-InputPrompt")!.textContent;
        return /\[\d+\]/.test(text);
      },
      index,
      { timeout: patience },
    );
    await this.#idle();
  }

  /**
   * Saves the notebook by the menu, and waits until that is done. Keys would
   * stay in an explorer that has the focus.
   */
  async save(): Promise<void> {
    const saved = this.page.waitForResponse((response) =>
      response.request().method() === "PUT" &&
      response.url().includes("/api/contents/")
    );
    await this.#command("File", "docmanager:save");
    await (await saved).finished();
  }

  /** Restarts the kernel by the menu; what cells show stays. */
  async restart(): Promise<void> {
    await this.#command("Kernel", "kernelmenu:restart");
    await this.page.locator(".jp-Dialog .jp-mod-accept").click();
    await this.page.locator(".jp-Dialog").waitFor({ state: "detached" });
    await this.#idle();
  }

  /**
   * Deletes a cell by the menu.
   *
   * @param index The cell, from 0 among all cells.
   */
  async delete(index: number): Promise<void> {
    await this.#select(index);
    await this.#command("Edit", "notebook:delete-cell");
  }

  /**
   * Copies a cell into another notebook of JupyterLab, and saves that.
   *
   * @param index The cell, from 0 among all cells.
   * @param name The other notebook, which has one cell.
   */
  async copyInto(index: number, name: string): Promise<void> {
    await this.#select(index);
    await this.#command("Edit", "notebook:copy-cell");
    await this.#command("File", "filebrowser:open-path");
    await this.page.locator(".jp-Dialog input").fill(`${name}.ipynb`);
    await this.page.locator(".jp-Dialog .jp-mod-accept").click();
    const other = this.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)", {
      has: this.page.locator(`.jp-Notebook-cell:only-of-type`),
    });
    await other.locator(".jp-InputPrompt").first().click();
    await this.#command("Edit", "notebook:paste-cell-below");
    await this.save();
  }

  /** Takes the dark theme; the server keeps it for later pages. */
  async darken(): Promise<void> {
    const { page } = this;
    const dark = page.locator('body[data-jp-theme-light="false"]');
    if (await dark.count() > 0) return;
    await page.locator(".lm-MenuBar-itemLabel", { hasText: /^Settings$/ })
      .click();
    await page.locator(".lm-Menu-item", { hasText: /^Theme/ }).hover();
    await page.locator(".lm-Menu-item", { hasText: /^JupyterLab Dark$/ })
      .click();
    await dark.waitFor({ state: "attached" });
    await page.locator("#jupyterlab-splash").waitFor({ state: "detached" });
  }

  async #select(index: number): Promise<void> {
    await this.page.locator(".jp-Notebook-cell").nth(index)
      .locator(".jp-InputPrompt").click();
  }

  async #command(menu: string, command: string): Promise<void> {
    const label = new RegExp(`^${menu}$`);
    await this.page.locator(".lm-MenuBar-itemLabel", { hasText: label })
      .click();
    await this.page.locator(`.lm-Menu-item[data-command="${command}"]`).click();
  }

  async #idle(): Promise<void> {
    await this.#idleMark.waitFor({ state: "attached", timeout: patience });
  }
}
