/**
 * The output of commands: a terminal with a status line that shows progress,
 * tables, JSON and sizes in bytes.
 *
 * @module
 */

import { fileSystem, isSystemError } from "../checkpoint/files.ts";
import { withoutHidden } from "../core/options.ts";
import { lengthOf, padded, shortened } from "../core/columns.ts";
import {
  builtin,
  currentDeno,
  currentProcess,
  type Process,
} from "../core/platform.ts";

/** Takes text: one of the two outputs of a process. */
export interface Output {
  /** Whether it is a terminal. */
  readonly isTerminal: boolean;
  /**
   * Writes a text.
   *
   * @param text The text.
   * @throws {Error} If the reader has closed it: its `code` is `EPIPE`.
   */
  write(text: string): void;
}

/** What a terminal is made of. */
export interface TerminalParts {
  /** Standard output. */
  readonly out: Output;
  /** Standard error. */
  readonly error: Output;
  /** Columns of the console. */
  readonly columns: number;
  /** Whether text on a terminal may have colors. */
  readonly colors: boolean;
  /** Returns milliseconds since any time. */
  now(): number;
}

/** How text on a terminal looks. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow";

/** A column of a table. */
export interface Column {
  /** What stands above it. */
  readonly title: string;
  /** Where its cells stand. Default: left. */
  readonly align?: "right";
}

/** How far work is. */
interface Advance {
  /** Bytes done. */
  readonly done: number;
  /** Bytes in all. */
  readonly total: number;
  /** Seconds since the start. */
  readonly seconds: number;
  /** What is worked on. */
  readonly label: string;
}

/** The numbers of the styles, and what ends them, in ANSI's escape sequences. */
const styleCodes: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

/** Columns of text where nothing says how many there are. */
const usualColumns = 80;

/** Milliseconds between two changes of the status. */
const statusPause = 100;

/** Goes to the line's start and empties the line. */
const clearLine = "\r\x1b[K";

/** Powers of 1000. */
const byteUnits = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Characters of the bar. */
const barLength = 20;

/** Eighths of a character, from 1 on. */
const eighths = "▏▎▍▌▋▊▉";

/** No label is cut shorter than this: it is left out. */
const shortestLabel = 8;

/** Seconds before which no speed is shown. */
const speedAfter = 1;

/** Between two columns. */
const columnGap = "  ";

/** No text of a table is longer than this. */
export const widestCell = 200;

/** No first column is made narrower than this. */
const narrowestName = 12;

/** How a help text says what `--json` does. */
export const jsonHelp =
  `  --json                  one JSON document; NaN, infinities and seeds are
                          strings in it`;

/** Where a command writes. */
export class Terminal {
  /** Columns of standard output; 80 where it is no terminal. */
  readonly width: number;
  /** Columns of the status. */
  readonly statusWidth: number;
  readonly #parts: TerminalParts;
  #shown = false;
  #lastShown = -Infinity;

  /**
   * Makes a terminal of two outputs.
   *
   * @param parts The outputs, and what is known of the console.
   */
  constructor(parts: TerminalParts) {
    this.#parts = parts;
    this.width = parts.out.isTerminal ? parts.columns : usualColumns;
    // A line of all columns would wrap on some terminals.
    this.statusWidth = parts.columns - 1;
  }

  /** Whether standard output is a terminal. */
  get isTerminal(): boolean {
    return this.#parts.out.isTerminal;
  }

  /** Columns that a line may have; unlimited where output is no terminal. */
  get room(): number {
    return this.isTerminal ? this.width : Infinity;
  }

  /**
   * Writes text and an end of line to standard output.
   *
   * @param text The text.
   */
  out(text: string): void {
    this.status("");
    this.#parts.out.write(`${text}\n`);
  }

  /**
   * Writes text and an end of line to standard error.
   *
   * @param text The text.
   */
  error(text: string): void {
    this.status("");
    this.#parts.error.write(`${text}\n`);
  }

  /**
   * Returns text for standard output in a style; unchanged if standard output
   * shows none.
   *
   * @param text The text.
   * @param styles The styles.
   */
  paint(text: string, ...styles: readonly Style[]): string {
    if (!this.isTerminal || !this.#parts.colors) return text;
    return styles.reduce((painted, style) => {
      const [start, end] = styleCodes[style];
      return `\x1b[${start}m${painted}\x1b[${end}m`;
    }, text);
  }

  /**
   * Shows a line on standard error until the next one or any other text; at most
   * ten a second are shown, and none where standard error is no terminal.
   *
   * @param line The line, cut where it is too long; empty for none.
   */
  status(line: string): void {
    const { error, now } = this.#parts;
    if (!error.isTerminal) return;
    if (line === "") {
      if (this.#shown) error.write(clearLine);
      this.#shown = false;
      return;
    }
    const time = now();
    if (time - this.#lastShown < statusPause) return;
    error.write(`${clearLine}${shortened(line, this.statusWidth)}`);
    this.#shown = true;
    this.#lastShown = time;
  }
}

/**
 * Returns the terminal that the process was started on. Needs no permission.
 *
 * @throws {TypeError} If there is none, as in a browser.
 */
export function consoleTerminal(): Terminal {
  const out = outputOf(1);
  const error = outputOf(2);
  const console = currentProcess()!;
  return new Terminal({
    out,
    error,
    columns: columnsOf(console, out, error),
    colors: showsColors(console),
    now: () => performance.now(),
  });
}

/** The progress of work on a number of bytes, shown on a terminal. */
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
   * Reports progress.
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
    ...seconds < speedAfter || done === 0 ? [] : [
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

/**
 * Returns the lines of a table, titles first; columns without any text are left
 * out. Texts of more than 200 characters are shortened in their middle, as a long
 * one would widen every row. Where the table is wider than it may be, those of the
 * first column are shortened further, to 12 characters at the least.
 *
 * @param columns The columns.
 * @param rows The texts of each row, a cell a column; control characters become
 * spaces.
 * @param width The most characters of a line. Default: as many as it takes.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = Infinity,
): string[] {
  const [first, ...rest] = columns.flatMap(({ title, align }, index) => {
    const cells = rows.map((row) => shortened(row[index], widestCell));
    const isBare = index > 0 && cells.every((cell) => cell === "");
    return isBare ? [] : [padded([title, ...cells], align)];
  });
  const taken = rest.reduce((sum, [title]) => sum + lengthOf(title), 0) +
    columnGap.length * rest.length;
  const room = Math.max(narrowestName, width - taken);
  const names = padded(first.map((name) => shortened(name.trimEnd(), room)));
  return names.map((name, line) =>
    [name, ...rest.map((cells) => cells[line])].join(columnGap).trimEnd()
  );
}

/**
 * Prints a value as one JSON document: on one line, or indented where people
 * look at it. What JSON lacks is a string: `"NaN"`, `"-Infinity"`, and the
 * digits of a bigint.
 *
 * @param terminal Where it is printed.
 * @param value Plain data.
 */
export function printJson(terminal: Terminal, value: unknown): void {
  const json = JSON.stringify(value, jsonValue, terminal.isTerminal ? 2 : 0);
  terminal.out(withoutHidden(json));
}

/**
 * Returns a number of bytes to three digits, in powers of ten: `999 B`,
 * `1.23 GB`.
 *
 * @param bytes How many, at least 0.
 */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.5 would be rounded to 1000.
  while (value >= (unit === 0 ? 1000 : 999.5) && unit < byteUnits.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${byteUnits[unit]}`;
}

/** A stream by its number: 1 is standard output, 2 standard error. */
function outputOf(file: 1 | 2): Output {
  const { writeSync } = fileSystem("use the command line");
  const { isatty } = builtin("node:tty") as { isatty(file: number): boolean };
  return {
    isTerminal: isatty(file),
    write(text) {
      let rest = new TextEncoder().encode(text);
      while (rest.length > 0) {
        try {
          rest = rest.subarray(writeSync(file, rest));
        } catch (error) {
          if (!isSystemError(error, "EAGAIN")) throw error;
          // The pipe is full.
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
        }
      }
    },
  };
}

/** No size is known where no stream is a terminal; some report 0. */
function columnsOf(
  { stdout, stderr }: Process,
  out: Output,
  error: Output,
): number {
  const columns = out.isTerminal
    ? stdout.columns
    : error.isTerminal
    ? stderr.columns
    : undefined;
  return columns || usualColumns;
}

/** In Deno, reading the environment would ask for a permission. */
function showsColors({ env }: Process): boolean {
  return !(currentDeno()?.noColor ?? env.NO_COLOR);
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

function jsonValue(_key: string, value: unknown): unknown {
  const isLacking = typeof value === "bigint" ||
    typeof value === "number" && !Number.isFinite(value);
  return isLacking ? String(value) : value;
}
