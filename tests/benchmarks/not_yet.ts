/**
 * Public names that a version of fanin may not have yet.
 *
 * @module
 */

import * as fanin from "../../mod.ts";

/** How `initModel` is called here. */
type InitModel = (
  build: () => fanin.nn.Module,
  options: { workers: number },
) => fanin.nn.Module | Promise<fanin.nn.Module>;

const exported = fanin as unknown as {
  readonly initModel?: InitModel;
};

/** Makes a model by workers; undefined in versions without. */
export const initModel: InitModel | undefined = exported.initModel;
