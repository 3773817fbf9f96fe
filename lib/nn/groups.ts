/**
 * Groups of channels: both counts of channels divide by them.
 *
 * @module
 */

/**
 * Checks that channels divide into groups.
 *
 * @param action What is being done, for the error's sentence.
 * @param channels Both counts of channels, and the groups.
 * @throws {RangeError} If a count is no multiple of the groups.
 */
export function checkGroups(
  action: string,
  channels: Readonly<Record<"inChannels" | "outChannels" | "groups", number>>,
): void {
  for (const name of ["inChannels", "outChannels"] as const) {
    if (channels[name] % channels.groups !== 0) {
      throw new RangeError(
        `Cannot ${action} as ${name} must be a multiple of groups ${channels.groups}: current value is ${
          channels[name]
        }`,
      );
    }
  }
}
