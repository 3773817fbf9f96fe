/**
 * A table of front ends and figures with what was seen of them.
 *
 * @module
 */

import type { Seen } from "./seen.ts";

/** What was seen of one output. */
export interface Sighting {
  readonly frontEnd: string;
  readonly kind: string;
  /** How the notebook came into the page, or what was done to it. */
  readonly state: string;
  readonly seen: Seen;
}

/** A table that grows by what is seen, and prints as Markdown. */
export class SeenTable {
  readonly #sightings: Sighting[] = [];

  /** Whether a kind of output was seen so in a front end. */
  has({ frontEnd, kind, seen }: Omit<Sighting, "state">): boolean {
    return this.#sightings.some((each) =>
      each.frontEnd === frontEnd && each.kind === kind && each.seen === seen
    );
  }

  /**
   * Adds what was seen of one output.
   *
   * @param sighting What was seen, and where.
   */
  add(sighting: Sighting): void {
    this.#sightings.push(sighting);
  }

  /** Returns the table: a row for each kind of output in each front end. */
  toString(): string {
    const states = [...new Set(this.#sightings.map(({ state }) => state))];
    const groups = Map.groupBy(
      this.#sightings,
      ({ frontEnd, kind }) => `${frontEnd} | ${kind}`,
    );
    const rows = [...groups].map(([name, group]) => {
      const cells = states.map((state) =>
        tally(group.filter((each) => each.state === state))
      );
      return `| ${name} | ${cells.join(" | ")} |`;
    });
    return [
      `| front end | output | ${states.join(" | ")} |`,
      `|${" --- |".repeat(states.length + 2)}`,
      ...rows.sort(),
    ].join("\n");
  }
}

/** How often each thing was seen: `9 drawn`. */
function tally(sightings: readonly Sighting[]): string {
  const counts = Map.groupBy(sightings, ({ seen }) => seen);
  return [...counts].map(([seen, { length }]) => `${length} ${seen}`)
    .join(", ") || "–";
}
