/**
 * Looking into checkpoints: what is in their tensors, and what is odd about them,
 * such as layers that are still at initialisation.
 *
 * @module
 */

import "../kernels/offer.ts";

export { inspect, type InspectOptions } from "./inspect.ts";
export type {
  BinCounts,
  Finding,
  FindingKind,
  Inspection,
  Origin,
  TensorReport,
} from "./result.ts";
export type { Inspectable, StateOwner } from "./source.ts";
