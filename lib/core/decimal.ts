/**
 * Decimal digits of numbers, rounded as C and Python round them: the exact
 * value to the nearest, ties to the even digit. JavaScript's own methods
 * round ties away from zero.
 *
 * @module
 */

/** More digits than any tie of a number that is printed has. */
const enough = 100;

/**
 * Returns a number with a fixed count of decimals, as Python's `f"{x:.4f}"`.
 *
 * @param value A finite number below 1e21 in size.
 * @param digits Decimals, in [0, 20].
 */
export function fixed(value: number, digits: number): string {
  const size = Math.abs(value);
  return sign(value) +
    roundedHalfEven(size.toFixed(digits), size.toFixed(enough), digits);
}

/**
 * Returns a number in scientific notation, as Python's `f"{x:.4e}"`: at least
 * two digits of exponent.
 *
 * @param value A finite number.
 * @param digits Decimals of the significand, in [0, 20].
 */
export function scientific(value: number, digits: number): string {
  const size = Math.abs(value);
  const [near, exponent] = size.toExponential(digits).split("e");
  const [full, fullExponent] = size.toExponential(enough).split("e");
  // Where rounding carried into the exponent there was no tie to an odd digit.
  const significand = exponent === fullExponent
    ? roundedHalfEven(near, full, digits)
    : near;
  const power = exponent.slice(1).padStart(2, "0");
  return `${sign(value)}${significand}e${exponent[0]}${power}`;
}

function sign(value: number): string {
  return value < 0 || Object.is(value, -0) ? "-" : "";
}

/** Takes `near`, unless `full` ends in a tie and cutting it leaves it even. */
function roundedHalfEven(near: string, full: string, digits: number): string {
  const point = full.indexOf(".");
  const tie = /^50*$/.test(full.slice(point + 1 + digits));
  const cut = full.slice(0, digits === 0 ? point : point + 1 + digits);
  return tie && Number(cut.at(-1)) % 2 === 0 ? cut : near;
}
