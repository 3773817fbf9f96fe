/**
 * What the kernel of the QR decomposition exports: steps on matrices in strips of
 * four columns.
 *
 * A vector's lanes are different elements, never parts of one sum. So each element
 * is computed as in TypeScript, and has the same bytes. Products and sums are
 * rounded one by one for the same reason: relaxed SIMD is of no use.
 *
 * The memory is the caller's, all of it: there are no constants. Places are in
 * numbers, not in bytes.
 *
 * @see `lib/numerics/qr.ts`, which says the same number by number
 *
 * @module
 */

export { multiply } from "./multiply";
export { reflect } from "./reflect";
export { solveLower, solveUpper } from "./solve";
export { subtract } from "./subtract";
