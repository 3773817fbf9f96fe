/**
 * How far long work is: a bar in the terminal's status.
 *
 * @module
 */

import { shortened } from "../summary/text.ts";
import { formatBytes } from "./bytes.ts";
import type { Terminal } from "./terminal.ts";

/** How far work is. */
export interface Advance {
  /** Bytes done. */
  readonly done: number;
  /** Bytes in all. */
  readonly total: number;
  /** Seconds since the start. */
  readonly seconds: number;
  /** What is worked on. */
  readonly label: string;
}

/** Characters of the bar. */
const barLength = 20;

/** Eighths of a character, from 1 on. */
const eighths = "▏▎▍▌▋▊▉";

/** No label is cut shorter than this: it is left out. */
const shortestLabel = 8;

/** Seconds before which no speed is told. */
const soon = 1;

/** The progress of work on so many bytes; shown where people look. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #total: number;
  readonly #start = performance.now();
  #done = 0;

  /**
   * Starts the clock.
   *
   * @param terminal Where it is shown.
   * @param total Bytes in all.
   */
  constructor(terminal: Terminal, total: number) {
    this.#terminal = terminal;
    this.#total = total;
  }

  /**
   * Says that work went on.
   *
   * @param bytes Bytes done since the last call.
   * @param label What is worked on, such as a tensor's name.
   */
  add(bytes: number, label: string): void {
    this.#done += bytes;
    const seconds = (performance.now() - this.#start) / 1000;
    this.#terminal.status(progressLine({
      done: this.#done,
      total: this.#total,
      seconds,
      label,
    }, this.#terminal.statusWidth));
  }

  /** Takes the bar away. */
  end(): void {
    this.#terminal.status("");
  }
}

/**
 * Returns how far work is in one line: the share, a bar, bytes, and after a
 * second the speed and the time that is left.
 *
 * @param advance How far it is.
 * @param width The most characters that the line may have.
 */
export function progressLine(
  { done, total, seconds, label }: Advance,
  width: number,
): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const speed = done / seconds;
  const facts = [
    `${formatBytes(done)} of ${formatBytes(total)}`,
    ...seconds < soon || done === 0 ? [] : [
      `${formatBytes(speed)}/s`,
      `${formatTime((total - done) / speed)} left`,
    ],
  ].join("  ");
  const percent = String(Math.floor(100 * share)).padStart(3);
  const line = `${percent} % ${bar(share)}  ${facts}`;
  const room = width - line.length - 2;
  if (room >= shortestLabel) return `${line}  ${shortened(label, room)}`;
  return line.length <= width ? line : `${percent} %  ${facts}`;
}

function bar(share: number): string {
  const filled = Math.floor(share * barLength * 8);
  const part = filled % 8 === 0 ? "" : eighths[filled % 8 - 1];
  return `${"█".repeat(Math.floor(filled / 8))}${part}`
    .padEnd(barLength, "░");
}

function formatTime(seconds: number): string {
  const whole = Math.ceil(Math.max(0, seconds));
  if (whole < 100) return `${whole} s`;
  const minutes = Math.ceil(whole / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}
