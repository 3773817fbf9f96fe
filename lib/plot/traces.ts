/**
 * Traces, as plotly's JSON has them: the part that figures here use and that the
 * SVG writer draws. It means the same in plotly.js 2.35, 3 and 4.
 *
 * @see the reference of plotly.js, whose names these are
 * @module
 */

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

/** What all traces have. */
export interface TraceBase {
  /** The name in the legend. */
  readonly name?: string;
  /** Whether the legend has it. Default: true. */
  readonly showlegend?: boolean;
  /** Traces of one group are switched on and off together. */
  readonly legendgroup?: string;
  /** The x axis: `x`, `x2`. Default: `x`. */
  readonly xaxis?: string;
  /** The y axis: `y`, `y2`. Default: `y`. */
  readonly yaxis?: string;
  /** In [0, 1]. Default: 1. */
  readonly opacity?: number;
  /** Data for the hover text, one for each mark. */
  readonly customdata?: readonly Json[];
  /** The hover text. */
  readonly hovertemplate?: string;
  /** What hovering shows without a template: `skip` for nothing. */
  readonly hoverinfo?: string;
}

/** A line. */
export interface Line {
  /** `#rrggbb` or `rgba()`. */
  readonly color?: string;
  /** In pixels. */
  readonly width?: number;
  /** The dash pattern, or its lengths. Default: solid. */
  readonly dash?: "solid" | "dot" | "dash" | `${number}px,${number}px`;
  /** How points are joined: directly, or along x and then along y. */
  readonly shape?: "linear" | "hv";
}

/** Bars that stand on 0. */
export interface BarTrace extends TraceBase {
  /** The kind of trace. */
  readonly type: "bar";
  /** The middles. */
  readonly x: Coordinates;
  /** The heights. */
  readonly y: Coordinates;
  /** The widths, in units of x. */
  readonly width?: number | readonly number[];
  /** The fill and the outline. */
  readonly marker?: {
    readonly color?: string;
    readonly line?: { readonly color?: string; readonly width?: number };
  };
}

/** A line, points, or both. */
export interface ScatterTrace extends TraceBase {
  /** The kind of trace. */
  readonly type: "scatter";
  /** The abscissas. */
  readonly x: Coordinates;
  /** The ordinates. */
  readonly y: Coordinates;
  /** What is drawn. */
  readonly mode: "lines" | "markers" | "lines+markers";
  /** The line. */
  readonly line?: Line;
  /** The points; the size is their diameter in pixels. */
  readonly marker?: { readonly color?: string; readonly size?: number };
  /**
   * Which area is filled: that down to 0, or that inside the line, each part of
   * it on its own. Default: none.
   */
  readonly fill?: "none" | "tozeroy" | "toself";
  /** The colour of the area. */
  readonly fillcolor?: string;
  /** What hovering over an area inside its line says. */
  readonly text?: string;
}

/** The colours of a heat map, from 0 to 1. */
export type Colorscale = readonly (readonly [number, string])[];

/** The key to a heat map's colours. */
export interface ColorBar {
  /** What the values are. */
  readonly title?: TitleText;
  /** Its breadth in pixels. */
  readonly thickness?: number;
  /** Its length as a share of the plot's height. */
  readonly len?: number;
  /** Where ticks are. */
  readonly tickvals?: readonly number[];
  /** What the ticks say. */
  readonly ticktext?: readonly string[];
  /** The letters of the ticks. */
  readonly tickfont?: Font;
  /** The outline's breadth. */
  readonly outlinewidth?: number;
}

/** Cells coloured by value. */
export interface HeatmapTrace extends TraceBase {
  /** The kind of trace. */
  readonly type: "heatmap";
  /** The columns, evenly spaced. */
  readonly x: Coordinates;
  /** The rows, evenly spaced. */
  readonly y: Coordinates;
  /** The values, row by row; null is no cell. */
  readonly z: readonly (readonly (number | null)[])[];
  /** The value of the first colour. */
  readonly zmin: number;
  /** The value of the last colour. */
  readonly zmax: number;
  /** The colours. */
  readonly colorscale: Colorscale;
  /** Whether there is a key. Default: true. */
  readonly showscale?: boolean;
  /** The key. */
  readonly colorbar?: ColorBar;
  /** Whether hovering shows something where there is no cell. */
  readonly hoverongaps?: boolean;
}

/** A trace of one of the kinds that the SVG writer draws. */
export type Trace = BarTrace | ScatterTrace | HeatmapTrace;

/** Another state of a figure, which a slider or a button shows. */
export interface Frame {
  /** By what it is called. */
  readonly name: string;
  /** What is new in traces, one for each of `traces`. */
  readonly data: readonly FrameTrace[];
  /** The traces that change, by their place in the figure's data. */
  readonly traces: readonly number[];
  /** What is new in the layout, axis by axis. */
  readonly layout?: {
    readonly [axis: string]: { readonly range?: readonly [number, number] };
  };
}

/** What is new in a trace: its points. */
export interface FrameTrace {
  /** The abscissas. */
  readonly x: Coordinates;
  /** The ordinates. */
  readonly y: Coordinates;
  /** Data for the hover text, one for each mark. */
  readonly customdata?: readonly Json[];
}

/** Letters. */
export interface Font {
  /** The families, by preference. */
  readonly family?: string;
  /** In pixels. */
  readonly size?: number;
  /** `#rrggbb` or `rgba()`. */
  readonly color?: string;
}

/** A title of an axis, a legend or a colour bar. */
export interface TitleText {
  /** The words; a few HTML tags have a meaning. */
  readonly text: string;
  /** The letters. */
  readonly font?: Font;
  /** From the tick labels, in pixels. */
  readonly standoff?: number;
}
