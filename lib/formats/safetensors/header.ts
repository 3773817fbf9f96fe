/**
 * The header of a safetensors file: 8 bytes that give its length, and JSON that
 * gives each tensor's dtype, shape and place in the data after it.
 *
 * Checked here, before anything is read or allocated: the tensors cover the
 * data in order, without gaps or overlaps, and each has the bytes that its
 * shape and dtype take.
 *
 * @module
 * @see the format's description in the README of safetensors 0.8.0
 */

import { type Dtype, dtypes } from "../../core/dtype.ts";
import { formatShape } from "../../core/shape.ts";
import type { TensorInfo } from "../checkpoint.ts";
import { fault, quoted } from "../fault.ts";
import { parseJson } from "../json.ts";
import { countsOf, type Json, objectOf } from "../json_value.ts";
import { byteLength } from "../storage.ts";
import { byName } from "./dtypes.ts";

/** Bytes of the header's length, a little-endian integer. */
export const prefixBytes = 8;

/** The most bytes that a header may have. */
export const longestHeader = 100_000_000;

/** The key that is no tensor's. */
export const metadataKey = "__metadata__";

/** A tensor and where its bytes are. */
export interface Placed extends TensorInfo {
  /** The first byte, from the start of the data on. */
  readonly offset: number;
}

/** What a header says. */
export interface Header {
  /** Text by name, as the writer left it. */
  readonly metadata: Record<string, string>;
  /** The tensors by name, in the order of their bytes. */
  readonly tensors: Record<string, Placed>;
}

/**
 * Returns the header's length.
 *
 * @param action What is being done, for the error's sentence.
 * @param prefix The file's first 8 bytes, or fewer where it has no more.
 * @param size The file's size.
 * @throws {SyntaxError} If the header is too long or the file too short for it.
 */
export function headerLength(
  action: string,
  prefix: Uint8Array,
  size: number,
): number {
  if (prefix.length < prefixBytes) {
    throw fault(
      action,
      `it must have at least ${prefixBytes} bytes`,
      prefix.length,
    );
  }
  const { buffer, byteOffset } = prefix;
  const length = new DataView(buffer, byteOffset).getBigUint64(0, true);
  const most = Math.min(longestHeader, size - prefixBytes);
  if (length > BigInt(most)) {
    throw fault(
      action,
      `its header must have at most ${most} of its ${size} bytes`,
      length,
    );
  }
  return Number(length);
}

/**
 * Returns what a header says.
 *
 * @param action What is being done, for the error's sentence.
 * @param bytes The header, without the 8 bytes before it.
 * @param dataSize How many bytes follow it.
 * @throws {SyntaxError} If it breaks a rule of the format.
 */
export function parseHeader(
  action: string,
  bytes: Uint8Array,
  dataSize: number,
): Header {
  if (bytes[0] !== 0x7b) {
    throw fault(action, "its header's first byte must be 123, {", bytes[0]);
  }
  const json = objectOf(
    action,
    "its header",
    parseJson(`${action}'s header`, bytes, "whole"),
  );
  let metadata: Record<string, string> = {};
  const tensors: [string, Placed][] = [];
  for (const [name, value] of json) {
    if (name === metadataKey) metadata = readMetadata(action, value);
    else tensors.push([name, readTensor(action, name, value)]);
  }
  tensors.sort(([, a], [, b]) => a.offset - b.offset || a.bytes - b.bytes);
  checkCover(action, tensors, dataSize);
  return { metadata, tensors: Object.fromEntries(tensors) };
}

function readMetadata(action: string, value: Json): Record<string, string> {
  const members = objectOf(action, metadataKey, value);
  for (const [key, text] of members) {
    if (typeof text !== "string") {
      throw fault(
        action,
        `${quoted(key)} of its metadata must be a string`,
        text,
      );
    }
  }
  return Object.fromEntries(members as ReadonlyMap<string, string>);
}

function readTensor(action: string, name: string, value: Json): Placed {
  const what = `tensor ${quoted(name)}`;
  const members = objectOf(action, what, value);
  const dtype = readDtype(action, what, members.get("dtype"));
  const shape = countsOf(
    action,
    `the shape of ${what}`,
    members.get("shape"),
  );
  const places = `data_offsets of ${what}`;
  const place = countsOf(action, places, members.get("data_offsets"));
  const [offset, end] = place;
  if (place.length !== 2 || end < offset) {
    throw fault(
      action,
      `${places} must be a start and an end`,
      place,
    );
  }
  const bytes = byteLength(shape, dtypes[dtype].bits);
  if (bytes !== end - offset) {
    throw fault(
      action,
      `${what}, ${dtype} ${cutShape(shape)}, must have ${
        bytes === undefined
          ? "whole bytes, fewer than 2^53"
          : `${end - offset} bytes as its data_offsets say`
      }`,
      bytes ?? "another number",
    );
  }
  return { dtype, shape: Object.freeze(shape), bytes, offset };
}

function readDtype(
  action: string,
  what: string,
  value: Json | undefined,
): Dtype {
  const dtype = byName.get(value as string);
  if (dtype === undefined) {
    throw fault(
      action,
      `the dtype of ${what} must be one of ${[...byName.keys()].join(", ")}`,
      value,
    );
  }
  return dtype;
}

function checkCover(
  action: string,
  tensors: readonly [string, Placed][],
  dataSize: number,
): void {
  let end = 0;
  for (const [name, { offset, bytes }] of tensors) {
    if (offset !== end) {
      throw fault(
        action,
        `tensor ${
          quoted(name)
        } must begin where the one before it ends, at byte ${end} of the data`,
        offset,
      );
    }
    end += bytes;
  }
  if (end !== dataSize) {
    throw fault(
      action,
      `its tensors must cover the ${dataSize} bytes of data`,
      end,
    );
  }
}

/** A hostile shape may have millions of axes. */
function cutShape(shape: readonly number[]): string {
  const most = 8;
  return formatShape(shape.slice(0, most)) +
    (shape.length > most ? ` and ${shape.length - most} axes more` : "");
}
