/** The part of `@std/cli/parse-args` that this project uses. */
export interface ParseOptions {
  readonly boolean?: readonly string[];
  readonly string?: readonly string[];
  readonly collect?: readonly string[];
  readonly negatable?: readonly string[];
  readonly alias?: Readonly<Record<string, string | readonly string[]>>;
  readonly default?: Readonly<Record<string, unknown>>;
  readonly stopEarly?: boolean;
  readonly unknown?: (arg: string, key?: string) => unknown;
}

export function parseArgs(
  args: readonly string[],
  options?: ParseOptions,
  // deno-lint-ignore no-explicit-any -- as in the original
): Record<string, any> & { _: (string | number)[] };
