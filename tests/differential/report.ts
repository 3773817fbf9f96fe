/**
 * Counts what came of cases, by function and dtype.
 *
 * @module
 */

import { type Case, nameOf } from "./cases.ts";
import type { Outcome } from "./compare.ts";

/** What is counted of one function and dtype, or of all. */
interface Count {
  cases: number;
  refused: number;
  numbers: number;
  mismatches: number;
  largest: number;
}

/** The counts of a run. */
export class Report {
  readonly #counts = new Map<string, Count>();
  readonly #total = zero();

  /** How many cases differ. */
  get mismatches(): number {
    return this.#total.mismatches;
  }

  /** How many cases were counted. */
  get cases(): number {
    return this.#total.cases;
  }

  /** Counts a case. */
  add(one: Case, outcome: Outcome): void {
    const key = `${nameOf(one).padEnd(31)}${one.dtype.padEnd(10)}`;
    const count = this.#counts.get(key) ?? zero();
    this.#counts.set(key, count);
    for (const each of [count, this.#total]) {
      each.cases++;
      each.refused += Number(outcome.refused);
      each.numbers += outcome.numbers;
      each.mismatches += Number(outcome.problem !== null);
      each.largest = Math.max(each.largest, outcome.largest);
    }
  }

  /** Returns the table as text. */
  toString(): string {
    const head = ["cases", "refused", "numbers", "mismatches", "largest error"];
    return [
      "what".padEnd(31) + "dtype".padEnd(10) + cells(head),
      ...[...this.#counts].map(([key, count]) => key + row(count)).sort(),
      "all".padEnd(41) + row(this.#total),
    ].join("\n");
  }
}

function zero(): Count {
  return { cases: 0, refused: 0, numbers: 0, mismatches: 0, largest: 0 };
}

function row({ largest, ...counts }: Count): string {
  const error = largest === 0 ? "0" : largest.toExponential(1);
  return cells([...Object.values(counts).map(String), error]);
}

function cells(texts: readonly string[]): string {
  const widths = [7, 9, 10, 12, 15];
  return texts.map((text, i) => text.padStart(widths[i])).join("");
}
