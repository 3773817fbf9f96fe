/**
 * Screenshots for people to look at, in `out/screenshots/`.
 *
 * @module
 */

import type { Page } from "npm:playwright-core@1.65.1";

/**
 * Writes what the page shows.
 *
 * @param page The browser's page.
 * @param name The picture's name.
 */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = new URL("../../out/screenshots/", import.meta.url);
  await Deno.mkdir(folder, { recursive: true });
  const bytes = await page.screenshot({ fullPage: true });
  await Deno.writeFile(new URL(`${name}.png`, folder), bytes);
}
