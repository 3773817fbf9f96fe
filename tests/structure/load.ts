/**
 * Loads the library where any touch of Deno's API throws.
 *
 * @module
 */

Object.defineProperty(globalThis, "Deno", {
  get() {
    throw new Error("Deno was touched");
  },
});
// A literal, so that Deno reads the file without a permission.
await import("../../mod.ts");
console.log("loaded");
