/**
 * What this project uses of `@std/cli/parse-args`: as strict about the options
 * as the original, and never more exact about the result.
 */

/** One name, or several; for flags also `true`, for all of them. */
type Names<Name> = Name | ReadonlyArray<Extract<Name, string>>;

/** The options. Names of the type `string` are known only when it runs. */
export interface ParseOptions<
  Flag extends boolean | string | undefined,
  Text extends string | undefined,
  List extends string | undefined,
  Negatable extends string | undefined,
  Default extends Record<string, unknown> | undefined,
> {
  "--"?: boolean;
  boolean?: Names<Flag>;
  string?: Names<Text>;
  collect?: Names<List>;
  negatable?: Names<Negatable>;
  alias?: Record<string, string | ReadonlyArray<string>>;
  default?: Default;
  stopEarly?: boolean;
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** A property for each name that is known when this is checked. */
type Each<Name, Value> = string extends Name ? unknown
  : { [Key in Extract<Name, string>]: Value };

/** The same with the values of `Default`. */
type Defaulted<Name, Value, Default> = string extends Name ? unknown
  : { [Key in keyof Default & Name]: Default[Key] | Value };

/** The result. Other names can be there, too. */
type Parsed<Flag, Text, List, Default> =
  & Record<string, unknown>
  & Each<Flag, boolean>
  & Each<Extract<Text, List>, string[]>
  & Defaulted<Exclude<Text, List>, string, Default>
  & Partial<Each<Exclude<Text, List | keyof Default>, string>>
  & { _: Array<string | number> };

export function parseArgs<
  Flag extends boolean | string | undefined = undefined,
  Text extends string | undefined = undefined,
  List extends string | undefined = undefined,
  Negatable extends string | undefined = undefined,
  Default extends Record<string, unknown> | undefined = undefined,
>(
  args: readonly string[],
  options?: ParseOptions<Flag, Text, List, Negatable, Default>,
): Parsed<Flag, Text, List, Default>;
