/**
 * Several figures as the states of one, with a slider and a button to play.
 *
 * @module
 */

import {
  cannot,
  checkCount,
  describe,
  isPlain,
  withDefaults,
} from "../core/options.ts";
import { Figure, makingOf, rememberMaking } from "./figure.ts";
import { asTyped } from "./text.ts";
import { baseline, ink, letters } from "./theme.ts";
import type { Animation, Buttons, Margin, Slider } from "./types.ts";

/**
 * Options of {@linkcode frames}.
 *
 * @internal
 */
export interface FramesOptions {
  /** The state that is shown at first, by its label. Default: the first. */
  readonly start?: string;
  /** What stands before the label above the slider. Default: nothing. */
  readonly prefix?: string;
  /** How long each state stays while it plays, in milliseconds. Default: 700. */
  readonly interval?: number;
}

/** A figure by its label: plain text. */
export type State = readonly [label: string, figure: Figure];

/** How states are shown. */
interface Settings {
  /** The one that is shown at first. */
  readonly active: number;
  /** What stands before the label: plain text. */
  readonly prefix: string;
  /** In milliseconds. */
  readonly interval: number;
  /** What is said of the states in text: plain text, or nothing. */
  readonly note?: string;
  /** Returns the name of a state's frame. */
  readonly nameOf: (label: string) => string;
}

type Members = Readonly<Record<string, unknown>>;

/** Traces, or pieces of text, that take turns in one place. */
interface Slot {
  /** Their keys to all depths: a state must not inherit another's. */
  readonly keys: string;
  /** One for each state; undefined where a state has none. */
  readonly items: (Members | undefined)[];
}

const action = "make frames";
const most = 500;
/** Below the axes, in pixels. */
const sliderHeight = 86;
/** What the buttons take at the left of the slider, in pixels. */
const besideSlider = 130;

const defaults = {
  start: undefined as string | undefined,
  prefix: "",
  interval: 700,
};

/** What an axis is where another state's has a member more. */
const neutral: Members = {
  tickmode: "auto",
  title: { text: "" },
  type: "-",
  showgrid: true,
  showticklabels: true,
  ticks: "",
  autorange: true,
};

/**
 * Returns one figure of several, with a slider and a button to play them: over
 * seeds, gains or layers. Each brings its traces, title, annotations, shapes and
 * ranges. The static picture shows the first.
 *
 * Sizes are the largest of all. Frames: one for each figure, by its label.
 *
 * @param figures 1 to 500 figures without frames, keyed by what the slider says.
 * @param options Which is first, and how long each stays.
 * @throws {TypeError} If an option or a figure is of the wrong kind.
 * @throws {RangeError} If there are too few or too many, or one has frames.
 *
 * @example
 * ```ts
 * import { empty, Generator, init, plot } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const drawn = (seed: number) =>
 *   plot.weights(
 *     init.normal(empty([64]), { generator: new Generator(seed) }),
 *     { range: [-4, 4] },
 *   );
 * const figure = plot.frames({ "seed 0": drawn(0), "seed 1": drawn(1) });
 * assertEquals(figure.frames!.map(({ name }) => name), ["seed 0", "seed 1"]);
 * ```
 */
export function frames(
  figures: Readonly<Record<string, Figure>> | ReadonlyMap<string, Figure>,
  options: FramesOptions = {},
): Figure {
  const given = withDefaults(action, options, defaults);
  checkCount(action, "interval", given.interval, 1);
  const states = statesOf(figures);
  const labels = states.map(([label]) => label);
  const active = given.start === undefined ? 0 : labels.indexOf(given.start);
  if (typeof given.prefix !== "string" || active === -1) {
    const [what, value] = active === -1
      ? ["start must be one of the labels", given.start]
      : ["prefix must be a string", given.prefix];
    throw new TypeError(cannot(action, what, describe(value)));
  }
  const note = `states: ${labels.join(", ")}`;
  return framed(states, { ...given, active, note, nameOf: (label) => label });
}

/**
 * Returns the figure of states, which have been checked.
 *
 * @param states The figures.
 * @param settings How they are shown.
 */
export function framed(states: readonly State[], settings: Settings): Figure {
  const { active, note, nameOf } = settings;
  const said = note === undefined ? [] : [note];
  const pages = laidAlike(states);
  const traces = slotsOf(
    pages.map(({ data }) => data as unknown as Members[]),
    true,
  );
  const layouts = layoutsOf(
    pages.map(({ layout }) => layout as unknown as Members),
  );
  const { margin } = pages[active].layout;
  const [, shown] = states[active];
  const [title, ...text] = String(shown).split("\n");
  const changing = traces.map((slot) => differences(slot.items));
  const changed = traces.flatMap((_, index) =>
    Object.keys(changing[index][0]).length > 0 ? [index] : []
  );
  const labels = states.map(([label]) => label);
  const figure = new Figure({
    title,
    data: traces.map(({ items }) => items[active]!),
    layout: { ...layouts[active], ...controls(labels, margin, settings) },
    frames: states.map(([label], state) => ({
      name: nameOf(label),
      data: changed.map((index) => changing[index][state]),
      traces: changed,
      layout: differences(layouts)[state],
    })),
    description: [makingOf(shown).drawing!.description, ...said].join(" "),
    text: [title, ...text, ...said].join("\n"),
  });
  return rememberMaking(figure, {
    change: (given) =>
      framed(
        states.map(([label, one]) => [label, one.with(given)]),
        settings,
      ),
  });
}

function statesOf(figures: unknown): State[] {
  const entries: [unknown, unknown][] | undefined = figures instanceof Map
    ? [...figures]
    : isPlain(figures)
    ? Object.entries(figures)
    : undefined;
  if (entries === undefined) {
    const rule = "they must be an object or a Map of figures by label";
    throw new TypeError(cannot(action, rule, describe(figures)));
  }
  if (entries.length < 1 || entries.length > most) {
    const rule = `there must be 1 to ${most} figures`;
    throw new RangeError(cannot(action, rule, entries.length));
  }
  return entries.map(([label, figure]) => {
    if (typeof label !== "string" || !(figure instanceof Figure)) {
      const wrong = typeof label === "string" ? figure : label;
      throw new TypeError(
        cannot(action, "each must be a figure with a label", describe(wrong)),
      );
    }
    if (figure.frames !== undefined || makingOf(figure).lay === undefined) {
      throw new RangeError(
        cannot(
          action,
          "a figure with frames must stand alone",
          describe(label),
        ),
      );
    }
    return [label, figure];
  });
}

/** Lays all out with the largest margins and the largest plot. */
function laidAlike(states: readonly State[]) {
  const making = states.map(([, figure]) => makingOf(figure).lay!);
  const first = making.map((lay) => lay({}).layout);
  const largest = (of: (layout: typeof first[number]) => number) =>
    Math.max(...first.map(of));
  const room: Margin = {
    l: largest(({ margin }) => margin.l),
    r: largest(({ margin }) => margin.r),
    t: largest(({ margin }) => margin.t),
    b: largest(({ margin }) => margin.b) + sliderHeight,
  };
  const plot = largest(({ height, margin }) => height - margin.t - margin.b);
  const size = {
    width: largest(({ width }) => width),
    height: room.t + plot + room.b,
  };
  return making.map((lay) => lay(size, room));
}

/**
 * Puts what states have in places of their own where it differs in more than
 * values: plotly.js merges a frame into what is there.
 */
function slotsOf(
  states: readonly (readonly Members[])[],
  areTraces = false,
): Slot[] {
  const slots: Slot[] = [];
  for (const [state, items] of states.entries()) {
    let at = 0;
    for (const item of items) {
      const keys = `${item.type} ${keysOf(item)}`;
      const found = slots.findIndex((slot, index) =>
        index >= at && slot.keys === keys
      );
      if (found === -1) slots.splice(at, 0, { keys, items: [] });
      else at = found;
      slots[at++].items[state] = item;
    }
  }
  return slots.map(({ keys, items }) => {
    const all = states.map((_, state) => items[state]);
    if (!all.includes(undefined)) return { keys, items: all };
    const { type } = all.find((item) => item !== undefined)!;
    // Of what is hidden plotly.js reads no more; a frame that shows it has all.
    const hidden = areTraces ? { type, visible: false } : { visible: false };
    return {
      keys,
      items: all.map((item) =>
        item === undefined ? hidden : { ...item, visible: item.visible ?? true }
      ),
    };
  });
}

function keysOf(item: unknown): string {
  if (!isPlain(item)) return "";
  const names = Object.keys(item).filter((key) => item[key] !== undefined)
    .sort();
  return `{${names.map((key) => key + keysOf(item[key])).join()}}`;
}

/** Layouts that all have the same members. */
function layoutsOf(layouts: readonly Members[]): Members[] {
  const arrays = ["annotations", "shapes"].map((name) =>
    [
      name,
      slotsOf(layouts.map((one) => (one[name] ?? []) as Members[])),
    ] as const
  );
  const names = new Set(layouts.flatMap(Object.keys));
  const axes = [...names].filter((name) => /^[xy]axis\d*$/.test(name));
  return layouts.map((layout, state) => ({
    ...layout,
    ...Object.fromEntries([
      ...arrays.filter(([, slots]) => slots.length > 0)
        .map((
          [name, slots],
        ) => [name, slots.map(({ items }) => items[state]!)]),
      ...axes.filter((name) => name in layout).map((name) => [
        name,
        completed(
          layout[name] as Members,
          layouts.map((one) => one[name] as Members),
        ),
      ]),
    ]),
  }));
}

/** An axis with all members that it has in any state. */
function completed(axis: Members, all: readonly Members[]): Members {
  const missing = all.flatMap((other) => Object.keys(other ?? {}))
    .filter((key) => !(key in axis) && key in neutral)
    .map((key) => [key, neutral[key]]);
  const hasTicks = all.some((other) => other?.tickvals !== undefined);
  return {
    ...hasTicks && axis.tickvals === undefined ? { tickmode: "auto" } : {},
    ...Object.fromEntries(missing),
    ...axis,
  };
}

/** For each state the members that are not alike in all. */
function differences(states: readonly (Members | undefined)[]): Members[] {
  const names = new Set(states.flatMap((state) => Object.keys(state ?? {})));
  const differing = [...names].filter((name) =>
    new Set(states.map((state) => JSON.stringify(state?.[name]))).size > 1
  );
  return states.map((state) =>
    Object.fromEntries(differing.flatMap((name) => {
      const all = states.map((one) => one?.[name]);
      // Of axes only what differs, since their ranges are animated.
      if (!/^[xy]axis/.test(name) || !all.every(isPlain)) {
        return [[name, state?.[name]]];
      }
      const member = differences(all as Members[])[states.indexOf(state)];
      return [[name, member]];
    }))
  );
}

/** The slider and the buttons, below the axes. */
function controls(
  labels: readonly string[],
  margin: Margin,
  { active, prefix, interval, nameOf }: Settings,
): { readonly sliders: Slider[]; readonly updatemenus: Buttons[] } {
  const top = margin.b - sliderHeight;
  const jump: Animation = {
    mode: "immediate",
    frame: { duration: 0, redraw: true },
    transition: { duration: 0 },
  };
  const play: Animation = {
    ...jump,
    fromcurrent: true,
    frame: { duration: interval, redraw: true },
  };
  return {
    sliders: [{
      active,
      steps: labels.map((label) => ({
        label: asTyped(label),
        method: "animate",
        args: [[nameOf(label)], jump],
      })),
      currentvalue: {
        prefix: asTyped(prefix),
        xanchor: "left",
        font: { size: letters.subtitle },
      },
      pad: { l: besideSlider, r: 0, t: top, b: 0 },
      bgcolor: ink,
      activebgcolor: baseline,
      bordercolor: ink,
      tickcolor: ink,
      font: { size: letters.label },
    }],
    updatemenus: [{
      type: "buttons",
      direction: "left",
      showactive: false,
      buttons: [
        { label: "Play", method: "animate", args: [null, play] },
        { label: "Pause", method: "animate", args: [[null], jump] },
      ],
      x: 0,
      y: 0,
      xanchor: "left",
      yanchor: "top",
      pad: { l: 0, r: 0, t: top + 18, b: 0 },
      bgcolor: "rgba(118,118,118,0.12)",
      bordercolor: ink,
      font: { size: letters.label },
    }],
  };
}
