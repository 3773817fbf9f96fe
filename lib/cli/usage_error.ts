/**
 * The error of arguments that make no sense.
 *
 * @module
 */

/** Arguments that make no sense: the message is followed by how to get help. */
export class UsageError extends Error {
  /** The class's name. */
  override readonly name = "UsageError";
}
