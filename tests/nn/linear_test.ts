import { testRefusals } from "./refusals.ts";

testRefusals([
  ["Linear", [], TypeError, "inFeatures must be a number"],
  ["Linear", [3], TypeError, "outFeatures must be a number"],
  ["Linear", [-1, 3], RangeError, "inFeatures"],
  ["Linear", [1.5, 3], RangeError, "1.5"],
  ["Linear", [1, NaN], RangeError, "NaN"],
  ["Linear", ["1", 3], TypeError, '"1"'],
  ["Linear", [1, 2, 1], TypeError, "bias must be true or false"],
  ["Linear", [1, 2, true, 4], TypeError, "at most 3"],
  ["Linear", [1, 2, { inFeatures: 1 }], TypeError, "given once"],
  ["Linear", [1, 2, { in_features: 1 }], TypeError, "among inFeatures"],
  ["Linear", [1, 2, { dtype: "float8" }], TypeError, "float8"],
  ["Linear", [1, 2, { dtype: "int64" }], TypeError, "int64"],
  ["Linear", [1, 2, { generator: 3 }], TypeError, "must be a Generator"],
]);
