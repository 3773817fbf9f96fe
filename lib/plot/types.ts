/**
 * The part of plotly.js's JSON that the figures here use and the SVG writer
 * draws, in the words of its reference. It means the same in plotly.js 2.35, 3
 * and 4.
 *
 * @see https://plotly.com/javascript/reference/
 * @module
 */

/** Both ends: exponents of 10 on a log axis, indices on a category axis. */
export type Range = readonly [number, number];

/** Letters; the size is in pixels. */
export interface Font {
  readonly family?: string;
  readonly size?: number;
  readonly color?: string;
}

/** A title; `standoff` is its distance from the tick labels, in pixels. */
export interface TitleText {
  readonly text: string;
  readonly font?: Font;
  readonly standoff?: number;
}

/** The title of a figure, in shares of the page or of the plot. */
interface FigureTitle extends TitleText {
  readonly x?: number;
  readonly y?: number;
  readonly xref?: "container" | "paper";
  readonly yref?: "container" | "paper";
  readonly xanchor?: "left" | "center" | "right";
  /** `bottom`: y is the first line's baseline; `top`: its upper edge. */
  readonly yanchor?: "top" | "bottom";
}

/** An axis; without a type, strings make categories. */
export interface Axis {
  readonly type?: "linear" | "log" | "category";
  readonly title?: TitleText;
  readonly range?: Range;
  readonly domain?: Range;
  readonly anchor?: string;
  readonly matches?: string;
  readonly tickvals?: readonly number[];
  readonly ticktext?: readonly string[];
  readonly tickmode?: "auto" | "array";
  readonly tickfont?: Font;
  readonly ticks?: "outside";
  readonly ticklen?: number;
  readonly tickcolor?: string;
  readonly showticklabels?: boolean;
  readonly exponentformat?: "e";
  readonly showgrid?: boolean;
  readonly gridcolor?: string;
  readonly zeroline?: boolean;
  readonly zerolinecolor?: string;
  readonly showline?: boolean;
  readonly linecolor?: string;
  readonly automargin?: boolean;
  readonly scaleanchor?: string;
  readonly constrain?: "domain";
  readonly constraintoward?: "left" | "top";
}

/** Axes by their names in a layout: `xaxis`, `yaxis2`. */
export type Axes = Readonly<Record<string, Axis>>;

/** A line, a rectangle or an ellipse; refs are axes or `paper`. */
export interface LayoutShape {
  readonly type: "line" | "rect" | "circle";
  readonly xref: string;
  readonly yref: string;
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  readonly line?: Line;
  readonly fillcolor?: string;
  readonly layer?: "above" | "below";
  readonly visible?: boolean;
}

/** Text in the plot; refs are axes or `paper`, shifts are pixels. */
export interface Annotation {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly xref: string;
  readonly yref: string;
  readonly xanchor?: "left" | "center" | "right";
  readonly yanchor?: "top" | "middle" | "bottom";
  readonly align?: "left" | "center" | "right";
  readonly xshift?: number;
  readonly yshift?: number;
  readonly borderpad?: 0;
  readonly borderwidth?: 0;
  readonly showarrow?: boolean;
  /** From the arrow's head to the text, in pixels. */
  readonly ax?: number;
  readonly ay?: number;
  readonly arrowcolor?: string;
  readonly font?: Font;
  readonly visible?: boolean;
}

/** The key to the traces, in shares of the plot. */
export interface Legend {
  readonly orientation?: "v" | "h";
  readonly x?: number;
  readonly y?: number;
  readonly xanchor?: "left" | "center" | "right";
  readonly yanchor?: "top" | "middle" | "bottom";
  readonly bgcolor?: string;
  readonly font?: Font;
  readonly tracegroupgap?: number;
}

/** Free space, in pixels. */
export interface Margin {
  readonly l: number;
  readonly r: number;
  readonly t: number;
  readonly b: number;
}

/** A step of a slider: its label, and the frame that it shows. */
interface SliderStep {
  readonly label: string;
  readonly method: "animate";
  readonly args: readonly [readonly string[], Animation];
}

/** How frames follow each other; durations are in milliseconds. */
export interface Animation {
  readonly mode: "immediate";
  readonly fromcurrent?: boolean;
  readonly frame: { readonly duration: number; readonly redraw: boolean };
  readonly transition: { readonly duration: number };
}

/** A slider below the plot; above it stand the prefix and the step's label. */
export interface Slider {
  readonly active: number;
  readonly steps: readonly SliderStep[];
  readonly currentvalue: {
    readonly prefix: string;
    readonly xanchor: "left";
    readonly font?: Font;
  };
  readonly pad: Margin;
  readonly x?: number;
  readonly len?: number;
  readonly bgcolor?: string;
  readonly activebgcolor?: string;
  readonly bordercolor?: string;
  readonly tickcolor?: string;
  readonly font?: Font;
}

/** A row of buttons, placed as a slider is. */
export interface Buttons {
  readonly type: "buttons";
  readonly direction: "left";
  readonly showactive: false;
  readonly buttons: readonly {
    readonly label: string;
    readonly method: "animate";
    readonly args: readonly [readonly null[] | null, Animation];
  }[];
  readonly x: number;
  readonly y: number;
  readonly xanchor: "left";
  readonly yanchor: "top";
  readonly pad: Margin;
  readonly bgcolor?: string;
  readonly bordercolor?: string;
  readonly font?: Font;
}

/** All of a figure that is not data; the size is in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly margin: Margin;
  readonly title?: FigureTitle;
  readonly font?: Font;
  readonly paper_bgcolor?: string;
  readonly plot_bgcolor?: string;
  readonly showlegend?: boolean;
  readonly legend?: Legend;
  readonly hovermode?: "closest" | "x unified";
  readonly hoverlabel?: {
    readonly namelength?: number;
    readonly bgcolor?: string;
    readonly bordercolor?: string;
    readonly font?: Font;
  };
  readonly modebar?: {
    readonly orientation?: "v";
    readonly bgcolor?: string;
    readonly color?: string;
    readonly activecolor?: string;
  };
  readonly colorway?: readonly string[];
  readonly bargap?: number;
  readonly barmode?: "group" | "overlay";
  readonly shapes?: readonly LayoutShape[];
  readonly annotations?: readonly Annotation[];
  readonly sliders?: readonly Slider[];
  readonly updatemenus?: readonly Buttons[];
  readonly xaxis?: Axis;
  readonly yaxis?: Axis;
  readonly [xaxis: `xaxis${number}`]: Axis | undefined;
  readonly [yaxis: `yaxis${number}`]: Axis | undefined;
  readonly [legend: `legend${number}`]: Legend | undefined;
}

/** Numbers or category names along an axis; null leaves a gap. */
export type Coordinates = readonly (number | string | null)[];

/** A value that JSON can hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** What all traces have; by default their axes are `x` and `y`. */
interface TraceBase {
  readonly name?: string;
  readonly visible?: boolean | "legendonly";
  readonly showlegend?: boolean;
  readonly legend?: string;
  readonly legendgroup?: string;
  readonly xaxis?: string;
  readonly yaxis?: string;
  readonly opacity?: number;
  readonly customdata?: readonly Json[];
  readonly hovertemplate?: string;
  readonly hoverinfo?: string;
}

/** A line; `dash` may name its lengths. */
export interface Line {
  readonly color?: string;
  readonly width?: number;
  readonly dash?: "solid" | "dot" | "dash" | `${number}px,${number}px`;
  /** How points are joined: directly, or along x and then along y. */
  readonly shape?: "linear" | "hv";
}

/** Bars that stand on 0, with x their middles and y their heights. */
export interface BarTrace extends TraceBase {
  readonly type: "bar";
  readonly x: Coordinates;
  readonly y: Coordinates;
  /** In units of x. */
  readonly width?: number | readonly number[];
  readonly marker?: {
    readonly color?: string;
    readonly line?: { readonly color?: string; readonly width?: number };
  };
}

/** A line, points, or both. */
export interface ScatterTrace extends TraceBase {
  readonly type: "scatter";
  readonly x: Coordinates;
  readonly y: Coordinates;
  readonly mode: "lines" | "markers" | "lines+markers";
  readonly line?: Line;
  readonly marker?: { readonly color?: string; readonly size?: number };
  /** The area down to 0, or that inside the line, each part on its own. */
  readonly fill?: "none" | "tozeroy" | "toself";
  readonly fillcolor?: string;
  readonly text?: string;
}

/** The colors of a heat map, from 0 to 1. */
export type Colorscale = readonly (readonly [number, string])[];

/** The key to a heat map's colors; `len` is a share of the plot's height. */
interface ColorBar {
  readonly thickness?: number;
  readonly len?: number;
  readonly x?: number;
  readonly y?: number;
  readonly tickvals?: readonly number[];
  readonly ticktext?: readonly string[];
  readonly tickfont?: Font;
  readonly outlinewidth?: number;
}

/** Cells colored by value, row by row; null is no cell. */
export interface HeatmapTrace extends TraceBase {
  readonly type: "heatmap";
  readonly x: Coordinates;
  readonly y: Coordinates;
  readonly z: readonly (readonly (number | null)[])[];
  readonly zmin: number;
  readonly zmax: number;
  readonly colorscale: Colorscale;
  readonly showscale?: boolean;
  readonly colorbar?: ColorBar;
  readonly hoverongaps?: boolean;
}

/** A trace of one of the kinds that the SVG writer draws. */
export type Trace = BarTrace | ScatterTrace | HeatmapTrace;

/** The points of an outline or of marks. */
export interface Points {
  readonly x: Coordinates;
  readonly y: Coordinates;
  readonly customdata?: readonly Json[];
}
