/**
 * What becomes of a tensor's storage in another library, and what the README
 * says of it.
 *
 * @module
 */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { type Dtype, dtypes } from "../../lib/core/dtype.ts";
import { type Tensor, tensor } from "../../mod.ts";
import { bytesOf } from "../golden/golden.ts";
import { readDocument } from "../documents.ts";

/** Shared: a write here is read there. */
type Fate = "shared" | "copied" | "refused";

/**
 * Asserts that a library does with each dtype what the README's table says.
 *
 * @param library The library's name at the head of the table's column.
 * @param take Hands a tensor over and returns the elements as the library
 * reads them.
 */
export async function assertFates(
  library: string,
  take: (tensor: Tensor) => ArrayBufferView,
): Promise<void> {
  const found = Object.entries(dtypes)
    .filter(([, { kind, isFilled }]) =>
      isFilled || kind === "integer" || kind === "bool"
    )
    .map(([dtype]) => [dtype, fateOf(dtype as Dtype, take)]);
  assertEquals(found, await column(library));
}

/** The second row is handed over, so that the storage does not begin there. */
function fateOf(
  dtype: Dtype,
  take: (tensor: Tensor) => ArrayBufferView,
): Fate {
  const row = tensor([[0, 0], [0, 1]], { dtype }).at(1);
  let taken: ArrayBufferView;
  try {
    taken = take(row);
  } catch {
    return "refused";
  }
  const before = hex(taken);
  assertNotEquals(before, hex(new Uint8Array(taken.byteLength)));
  bytesOf(row).fill(0);
  return hex(taken) === before ? "copied" : "shared";
}

function hex({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return new Uint8Array(buffer, byteOffset, byteLength).toHex();
}

/** The dtypes and one library's column in the README's table. */
async function column(library: string): Promise<string[][]> {
  const table = /^\| dtype +\|.*?\n\n/ms.exec(
    await readDocument("tests/interchange/README.md"),
  );
  assert(table, "README.md has no such table");
  const [head, , ...rows] = table[0].trim().split("\n").map((line) =>
    line.split("|").map((cell) => cell.replaceAll("`", "").trim())
  );
  const index = head.indexOf(library);
  assertNotEquals(index, -1);
  return rows.map((row) => [row[1], row[index]]);
}
