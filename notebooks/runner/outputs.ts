/**
 * Messages of a kernel made into a notebook's outputs.
 *
 * @module
 */

import { isObject, type Json, type JsonObject } from "./json.ts";
import type { Message } from "./wire.ts";

/** Representations of one thing by MIME type. */
export type MimeBundle = Readonly<Record<string, Json>>;

/** Text that a cell printed. */
export interface StreamOutput {
  /** Its kind. */
  output_type: "stream";
  /** `"stdout"` or `"stderr"`. */
  name: string;
  /** The text. */
  text: string;
}

/** Something that a cell displayed. */
export interface DisplayOutput {
  /** Its kind. */
  output_type: "display_data";
  /** Its representations. */
  data: MimeBundle;
  /** What is said of them, by MIME type. */
  metadata: JsonObject;
}

/** The value of a cell. */
export interface ResultOutput {
  /** Its kind. */
  output_type: "execute_result";
  /** The number of the execution. */
  execution_count: number | null;
  /** Its representations. */
  data: MimeBundle;
  /** What is said of them, by MIME type. */
  metadata: JsonObject;
}

/** An error that ended a cell. */
export interface ErrorOutput {
  /** Its kind. */
  output_type: "error";
  /** The error's name. */
  ename: string;
  /** The error's message. */
  evalue: string;
  /** Its lines, as people see them. */
  traceback: string[];
}

/** One output of a cell, as nbformat 4 names its parts. */
export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

/** The outputs of a notebook's cells while they arrive. */
export class Outputs {
  #cells = new Map<number, Output[]>();
  #shown = new Map<string, (DisplayOutput | ResultOutput)[]>();
  #toClear = new Set<number>();

  /**
   * Takes one message into account; those that are no outputs change nothing.
   *
   * @param cell The cell's index, from 0.
   * @param message What the kernel sent.
   */
  add(cell: number, message: Pick<Message, "type" | "content">): void {
    const { type, content } = message;
    if (type === "clear_output" && content.wait === true) {
      this.#toClear.add(cell);
    } else if (type === "clear_output") this.#cells.delete(cell);
    else if (type === "update_display_data") this.#update(content);
    else {
      const output = outputOf(type, content);
      if (output === undefined) return;
      if (this.#toClear.delete(cell)) this.#cells.delete(cell);
      const earlier = this.#cells.get(cell);
      if (earlier === undefined) this.#cells.set(cell, [output]);
      else earlier.push(output);
      if ("data" in output) this.#remember(content, output);
    }
  }

  /**
   * Returns a cell's outputs: in the order of arrival, neighboring text of one stream joined, errors at the end.
   * The kernel's errors sometimes overtake what the cell showed before, never the other way round.
   *
   * @param cell The cell's index, from 0.
   */
  of(cell: number): Output[] {
    const all = this.#cells.get(cell) ?? [];
    const errors = all.filter((output) => output.output_type === "error");
    const joined: Output[] = [];
    for (const output of all) {
      if (output.output_type === "error") continue;
      const last = joined.at(-1);
      if (
        output.output_type === "stream" && last?.output_type === "stream" &&
        last.name === output.name
      ) {
        joined[joined.length - 1] = { ...last, text: last.text + output.text };
      } else joined.push(output);
    }
    return [...joined, ...errors];
  }

  #remember(content: JsonObject, output: DisplayOutput | ResultOutput): void {
    const id = displayId(content);
    if (id === undefined) return;
    this.#update(content);
    this.#shown.set(id, [...this.#shown.get(id) ?? [], output]);
  }

  #update(content: JsonObject): void {
    for (const output of this.#shown.get(displayId(content) ?? "") ?? []) {
      output.data = content.data as MimeBundle;
      output.metadata = object(content.metadata);
    }
  }
}

/** Returns the output that a message carries, or `undefined` if it carries none. */
function outputOf(type: string, content: JsonObject): Output | undefined {
  const data = object(content.data) as MimeBundle;
  const metadata = object(content.metadata);
  switch (type) {
    case "stream":
      return {
        output_type: type,
        name: String(content.name),
        text: String(content.text),
      };
    case "display_data":
      return { output_type: type, data, metadata };
    case "execute_result":
      return {
        output_type: type,
        execution_count: content.execution_count as number,
        data,
        metadata,
      };
    case "error":
      return {
        output_type: type,
        ename: String(content.ename),
        evalue: String(content.evalue),
        traceback:
          (content.traceback as readonly string[] | undefined)?.map(String) ??
            [],
      };
  }
}

function displayId(content: JsonObject): string | undefined {
  const id = object(content.transient).display_id;
  return typeof id === "string" ? id : undefined;
}

function object(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
