/**
 * The one place where fan and gain become a standard deviation, and a
 * standard deviation the bound of a uniform. Doubles, in PyTorch's order of
 * operations, so that no last bit differs.
 *
 * @module
 */

/**
 * Returns Glorot and Bengio's `std = gain * sqrt(2 / (fanIn + fanOut))`.
 *
 * @param fanIn Inputs of one output.
 * @param fanOut Outputs that one input reaches.
 * @param gain The factor on the standard deviation.
 * @see Glorot and Bengio, 2010, equation 16
 */
export function xavierStd(fanIn: number, fanOut: number, gain: number): number {
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/**
 * Returns He et al.'s `std = gain / sqrt(fan)`.
 *
 * @param fan Fan-in or fan-out.
 * @param gain The factor on the standard deviation.
 * @see He, Zhang, Ren and Sun, 2015, equations 10 and 14
 */
export function kaimingStd(fan: number, gain: number): number {
  return gain / Math.sqrt(fan);
}

/**
 * Returns the bound b of the uniform on (−b, b) with a standard deviation:
 * `b = sqrt(3) * std`.
 *
 * @param std The standard deviation.
 */
export function uniformBound(std: number): number {
  return Math.sqrt(3) * std;
}

/**
 * Returns the standard deviation of a uniform on (low, high):
 * `(high − low) / sqrt(12)`.
 *
 * @param low The lower end.
 * @param high The upper end.
 */
export function uniformStd(low: number, high: number): number {
  return (high - low) / Math.sqrt(12);
}

/**
 * Returns the bound of the default bias of PyTorch's layers,
 * `1 / sqrt(fanIn)`, and 0 where there is no input.
 *
 * @param fanIn Inputs of one output.
 */
export function biasBound(fanIn: number): number {
  return fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
}
