/**
 * Counts of what became of files.
 *
 * @module
 */

import { hasJson, hostileFiles, type Kinds } from "./hostile_files.ts";
import { accepted, outcomeOf } from "./outcome.ts";

/** What became of files. */
export interface Tally {
  /** How many there were. */
  readonly files: number;
  /** How many had a JSON header that `JSON.parse` takes. */
  readonly json: number;
  /** How many were read, or refused for each reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** What is no refusal: the file's number, its bytes, and the error. */
  readonly crashes: readonly string[];
}

/**
 * Reads hostile files and counts.
 *
 * @param seed Which files.
 * @param count How many.
 * @param onFile Is called before each file, with its number.
 * @param kinds Which files. Default: any.
 */
export async function tallyOf(
  seed: bigint,
  count: number,
  onFile: (index: number) => void = () => {},
  kinds: Kinds = "any",
): Promise<Tally> {
  const reasons: Record<string, number> = {};
  const crashes: string[] = [];
  let json = 0;
  let index = 0;
  for (const file of hostileFiles(seed, count, kinds)) {
    onFile(index);
    if (hasJson(file)) json++;
    try {
      const reason = await outcomeOf(file);
      reasons[reason] = (reasons[reason] ?? 0) + 1;
    } catch (error) {
      crashes.push(
        `${index} ${file.format} ${file.bytes.toHex()}\n  ${error}`,
      );
    }
    index++;
  }
  return { files: count, json, reasons, crashes };
}

/**
 * Returns a tally as a table, frequent reasons first.
 *
 * @param tally The tally.
 */
export function formatTally(tally: Tally): string {
  const { files, json, reasons, crashes } = tally;
  const rows = Object.entries(reasons).sort(([, a], [, b]) => b - a);
  const read = reasons[accepted] ?? 0;
  return [
    ...rows.map(([reason, count]) => `${String(count).padStart(7)}  ${reason}`),
    `${files} files, ${json} with a header that is JSON: ${read} read, ${
      files - read - crashes.length
    } refused for ${rows.length - 1} reasons, ${crashes.length} crashes`,
  ].join("\n");
}
