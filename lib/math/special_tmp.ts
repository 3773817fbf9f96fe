export * from "./cdf.ts";
export * from "./truncated_normal.ts";
export * from "./erf.ts";
