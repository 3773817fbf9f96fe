/**
 * The folder of a model: what is in it before and after the files are written.
 *
 * @module
 */

import { describe } from "../core/options.ts";
import { removePartials, writeAtomically } from "../files/atomic.ts";
import { namesIn, removeFile } from "../files/folder.ts";
import type { Plan, PlannedFile } from "./plan.ts";
import { indexName, indexText } from "./weight_map.ts";

/** The names of a model's files. */
const modelFile = /^model(-\d{5,}-of-\d{5,})?\.safetensors$/;

/**
 * Makes a folder if it is missing. Removes the index of an earlier run, and what
 * killed processes left of the files that this process writes.
 *
 * @param folder The folder.
 * @param plan The files of all processes.
 * @param files Those of this process.
 * @throws {RangeError} If there are files of another model.
 * @throws Errors of the system with the path in their message.
 */
export async function prepareFolder(
  folder: string,
  plan: Plan,
  files: readonly PlannedFile[],
): Promise<void> {
  const action = `materialize a model in ${JSON.stringify(folder)}`;
  const names = await namesIn(action, folder);
  const planned = plan.files.map(({ name }) => name);
  const other = names.find((name) =>
    modelFile.test(name) && !planned.includes(name)
  );
  if (other !== undefined) {
    throw new RangeError(
      `Cannot ${action} as it must have no files of another model than ${
        planned[0]
      }: current value is ${describe(other)}`,
    );
  }
  await removeFile(`${folder}/${indexName}`);
  for (const { name } of files) await removePartials(`${folder}/${name}`);
}

/**
 * Writes the index, if there are several files.
 *
 * @param folder The folder.
 * @param plan The files of all processes.
 * @throws Errors of the system with the path in their message.
 */
export async function finishFolder(folder: string, plan: Plan): Promise<void> {
  if (plan.files.length === 1) return;
  const bytes = new TextEncoder().encode(indexText(plan));
  await writeAtomically(
    `${folder}/${indexName}`,
    (file) => file.write(0, bytes),
  );
}
