import { testRefusals } from "./refusals.ts";

testRefusals([
  ["Bilinear", [], TypeError, "in1Features must be a number"],
  ["Bilinear", [2, 3], TypeError, "outFeatures must be a number"],
  ["Bilinear", [0, 3, 4], RangeError, "in1Features must be an integer of at"],
  ["Bilinear", [2, -1, 4], RangeError, "in2Features"],
  ["Bilinear", [2, 3, 1.5], RangeError, "outFeatures"],
  ["Bilinear", [2, 3, 4, null], TypeError, "bias must be true or false"],
  ["Bilinear", [2, 3, 4, { inFeatures: 1 }], TypeError, "inFeatures"],
  ["Bilinear", [2, 3, 4, { dtype: "bool" }], TypeError, "a float dtype"],
]);
