/**
 * Folders on file systems of their own: full ones, and read-only ones.
 *
 * @module
 */

/** Whether this process may make a namespace in which it may mount. */
export const canMount: boolean = Deno.build.os === "linux" &&
  await new Deno.Command("unshare", {
    args: ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"],
  }).output().then(({ success }) => success, () => false);
if (!canMount) console.log("NOT RUN: a full disk, a read-only folder");

/** What a process left. */
export interface Outcome {
  /** The exit code. */
  readonly code: number;
  /** What it wrote to standard output. */
  readonly out: string;
  /** What it wrote to standard error. */
  readonly error: string;
}

/**
 * Runs Deno where something is mounted that nobody else sees.
 *
 * @param mount Commands of the shell that mount it.
 * @param args The arguments of Deno.
 * @param after Commands of the shell that look at what it left.
 */
export async function runMounted(
  mount: string,
  args: readonly string[],
  after = "",
): Promise<Outcome> {
  const script = `${mount}\ncode=0\n"$@" || code=$?\n${after}\nexit $code`;
  const { code, stdout, stderr } = await new Deno.Command("unshare", {
    args: ["-rm", "sh", "-ec", script, "sh", Deno.execPath(), ...args],
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), error: text.decode(stderr) };
}
