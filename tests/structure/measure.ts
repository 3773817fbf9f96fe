/**
 * `deno task measure`: how big the house is, and what it costs.
 *
 * `deno task measure` measures this checkout, `deno task measure FOLDER` another
 * one, and `deno task measure BEFORE AFTER` sets two side by side. In place of a
 * folder, a file may be given that `--json` has written before.
 *
 * What the numbers count is told in `measure/`: files, rooms, arrows and names
 * in `house.ts`; journeys, time and bytes in `costs.ts`. Times compare on a quiet
 * machine; on a busy one, the shortest of many is the steadiest.
 *
 * | option              | meaning                                                |
 * | ------------------- | ------------------------------------------------------ |
 * | `--json`            | prints JSON: an object, or an array of two             |
 * | `--processes=15`    | how many processes import the library, at least 10     |
 * | `--tests`           | runs `deno task test`, too: takes minutes              |
 * | `--test-seconds=90` | the seconds that it took; of two checkouts: `90,80`    |
 * | `--test-count=900`  | and how many tests there were                          |
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { fileURLToPath, pathToFileURL } from "node:url";
import { importsOf } from "./imports.ts";
import {
  type BundleSize,
  countLoaded,
  type ImportTime,
  initFile,
  measureBundle,
  measureImport,
  measureJourneys,
  measureTests,
  type TestRun,
} from "./measure/costs.ts";
import type { Executed } from "./measure/coverage.ts";
import { type House, measureHouse } from "./measure/house.ts";

/** All that is measured of a checkout. */
export interface Measured {
  /** The commit, with a `+` where files differ from it. */
  readonly commit: string;
  readonly house: House;
  readonly journeys: Readonly<Record<string, Executed>>;
  /** Of `.` and `./init`. */
  readonly imports: Readonly<Record<string, ImportTime & { modules: number }>>;
  /** With plotly.js, and without it. */
  readonly bundle: BundleSize;
  readonly bundleWithoutPackages: BundleSize;
  readonly tests?: Partial<TestRun>;
}

/** How {@linkcode measure} measures. */
export interface MeasureOptions {
  /** How many processes import the library. Default: 15. */
  readonly processes?: number;
  /** Whether to run the tests. Default: false. */
  readonly tests?: boolean;
}

/**
 * Returns all that is measured of a checkout.
 *
 * @param root The checkout's root, with a slash at its end.
 */
export async function measure(
  root: URL,
  { processes = 15, tests = false }: MeasureOptions = {},
): Promise<Measured> {
  const house = await measureHouse(root);
  const imports = await importsOf(root);
  const ofImport = async (file: string) => ({
    modules: countLoaded(imports, file),
    ...await measureImport(root, file, processes),
  });
  return {
    commit: await commitOf(root),
    house,
    journeys: await measureJourneys(root),
    imports: {
      ".": await ofImport("mod.ts"),
      "./init": await ofImport(initFile(root)),
    },
    bundle: await measureBundle(root, "bundle"),
    bundleWithoutPackages: await measureBundle(root, "external"),
    ...tests ? { tests: await measureTests(root) } : {},
  };
}

/**
 * Returns a table with a row for each number and a column for each checkout.
 *
 * @param all What was measured of each.
 */
export function tableOf(all: readonly Measured[]): string {
  const entries = new Set(
    all.flatMap(({ house }) => Object.keys(house.entries)),
  );
  const columns = all.map((measured) =>
    new Map(rowsOf(measured, [...entries]))
  );
  const names = new Set(columns.flatMap((rows) => [...rows.keys()]));
  const cells = [...names].map((name) => [
    name,
    ...columns.map((rows) => rows.get(name) ?? "–"),
  ]);
  const widths = cells[0].map((_, i) =>
    Math.max(...cells.map((row) => row[i].length))
  );
  return cells.map((row) =>
    row.map((cell, i) =>
      i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])
    ).join("  ")
  ).join("\n");
}

function rowsOf(
  { commit, house, journeys, imports, ...costs }: Measured,
  entries: readonly string[],
): [name: string, value: string][] {
  const { bundle, bundleWithoutPackages, tests } = costs;
  return [
    ["commit", commit],
    ["files of lib and mod.ts", grouped(house.files)],
    ["lines", grouped(house.lines)],
    ["rooms", grouped(house.rooms)],
    ["folders", grouped(house.folders)],
    ["ranks (longest chain of rooms)", grouped(house.ranks)],
    ["arrows between rooms", grouped(house.arrows)],
    ["names exported", grouped(house.names)],
    ...entries.map((entry): [string, string] => [
      `  ${entry}`,
      entry in house.entries ? grouped(house.entries[entry]) : "–",
    ]),
    ...Object.entries(journeys).map((
      [name, { files, functions }],
    ): [string, string] => [
      `files (functions) executed: ${name}`,
      `${files} (${functions})`,
    ]),
    ...Object.entries(imports).flatMap(([entry, { modules, ...time }]): [
      string,
      string,
    ][] => [
      [`modules loaded by ${entry}`, grouped(modules)],
      [
        `ms to import ${entry} (min to max)`,
        `${time.median.toFixed(1)} (${time.min.toFixed(1)} to ${
          time.max.toFixed(1)
        })`,
      ],
    ]),
    ["kB of the bundle (gzip)", size(bundle)],
    ["kB without plotly.js (gzip)", size(bundleWithoutPackages)],
    ["tests", tests?.tests === undefined ? "–" : grouped(tests.tests)],
    ["seconds of tests", tests?.seconds?.toFixed(0) ?? "–"],
  ];
}

function size({ raw, gzip }: BundleSize): string {
  return `${grouped(raw / 1000)} (${grouped(gzip / 1000)})`;
}

function grouped(count: number): string {
  return count.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

async function commitOf(root: URL): Promise<string> {
  const { stdout } = await new Deno.Command("git", {
    args: ["describe", "--always", "--exclude=*", "--dirty=+"],
    cwd: root,
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

/** Measures a folder, or reads what was measured before. */
async function read(path: string, options: MeasureOptions): Promise<Measured> {
  if (path.endsWith(".json")) return JSON.parse(await Deno.readTextFile(path));
  return await measure(pathToFileURL(`${await Deno.realPath(path)}/`), options);
}

async function main(args: string[]): Promise<void> {
  const { _, json, tests, ...rest } = parseArgs(args, {
    boolean: ["json", "tests"],
    string: ["_", "processes", "test-seconds", "test-count"],
    default: { processes: "15" },
  });
  const processes = Number(rest.processes);
  if (!(processes >= 10)) throw new RangeError("processes must be at least 10");
  const seconds = rest["test-seconds"]?.split(",") ?? [];
  const counts = rest["test-count"]?.split(",") ?? [];
  const paths = _.length > 0 ? _.map(String) : [
    fileURLToPath(new URL("../../", import.meta.url)),
  ];
  const all: Measured[] = [];
  for (const [i, path] of paths.entries()) {
    const given = {
      ...i in seconds ? { seconds: Number(seconds[i]) } : {},
      ...i in counts ? { tests: Number(counts[i]) } : {},
    };
    const measured = await read(path, { processes, tests });
    all.push({ ...measured, tests: { ...measured.tests, ...given } });
  }
  console.log(
    json
      ? JSON.stringify(all.length === 1 ? all[0] : all, null, 2)
      : tableOf(all),
  );
}

if (import.meta.main) await main(Deno.args);
