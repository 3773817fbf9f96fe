/**
 * The part of plotly.js's JSON that the figures here use and the SVG writer
 * draws. It means the same in plotly.js 2.35, 3 and 4.
 *
 * @see the reference of plotly.js, which has the same names
 * @module
 */

/** The title of a figure. */
export interface FigureTitle extends TitleText {
  /** Where it begins, in [0, 1]. */
  readonly x?: number;
  /** Where its upper edge is, in [0, 1]. */
  readonly y?: number;
  /** What x is a share of. */
  readonly xref?: "container" | "paper";
  /** What y is a share of. */
  readonly yref?: "container" | "paper";
  /** Which point of the text x names. */
  readonly xanchor?: "left" | "center" | "right";
  /** `bottom`: y is the first line's baseline; `top`: its upper edge. */
  readonly yanchor?: "top" | "bottom";
}

/** An axis. */
export interface Axis {
  /** Default: category where the coordinates are strings, else linear. */
  readonly type?: "linear" | "log" | "category";
  /** What it measures. */
  readonly title?: TitleText;
  /** Both ends: exponents of 10 on a log axis, indices on a category axis. */
  readonly range?: readonly [number, number];
  /** The share of the plot's width or height that it spans. */
  readonly domain?: readonly [number, number];
  /** The axis that it crosses: `y`, `x2`. */
  readonly anchor?: string;
  /** Where ticks are, if not chosen. */
  readonly tickvals?: readonly number[];
  /** What the ticks say. */
  readonly ticktext?: readonly string[];
  /** Whether ticks are chosen or listed. */
  readonly tickmode?: "auto" | "array";
  /** The letters of the ticks. */
  readonly tickfont?: Font;
  /** Tick marks. */
  readonly ticks?: "outside";
  /** Their length in pixels. */
  readonly ticklen?: number;
  /** Their color. */
  readonly tickcolor?: string;
  /** Whether ticks have labels. Default: true. */
  readonly showticklabels?: boolean;
  /** How large numbers are written. */
  readonly exponentformat?: "e";
  /** Whether there are grid lines. Default: true. */
  readonly showgrid?: boolean;
  /** Their color. */
  readonly gridcolor?: string;
  /** Whether 0 has a line. */
  readonly zeroline?: boolean;
  /** Its color. */
  readonly zerolinecolor?: string;
  /** Whether the axis itself has a line. */
  readonly showline?: boolean;
  /** Its color. */
  readonly linecolor?: string;
  /** Whether the title moves out of the labels' way. */
  readonly automargin?: boolean;
  /** The axis to whose scale this one is tied. */
  readonly scaleanchor?: string;
  /** How a tied scale is kept: by a smaller domain. */
  readonly constrain?: "domain";
  /** To which side a smaller domain goes. */
  readonly constraintoward?: "left" | "top";
  /** Whether dragging leaves it alone. */
  readonly fixedrange?: boolean;
}

/** A line or a rectangle behind or before the traces. */
export interface LayoutShape {
  /** What it is. */
  readonly type: "line" | "rect";
  /** The axis of x, or `paper` for shares of the plot's width. */
  readonly xref: string;
  /** The axis of y, or `paper` for shares of the plot's height. */
  readonly yref: string;
  /** The one end. */
  readonly x0: number;
  /** The other end. */
  readonly x1: number;
  /** The one end. */
  readonly y0: number;
  /** The other end. */
  readonly y1: number;
  /** The stroke. */
  readonly line?: Line;
  /** The filling. */
  readonly fillcolor?: string;
  /** Behind or before the traces. Default: above. */
  readonly layer?: "above" | "below";
}

/** A piece of text in the plot. */
export interface Annotation {
  /** The words; a few HTML tags have a meaning. */
  readonly text: string;
  /** Where it is. */
  readonly x: number;
  /** Where it is. */
  readonly y: number;
  /** The axis of x, or `paper` for shares of the plot's width. */
  readonly xref: string;
  /** The axis of y, or `paper` for shares of the plot's height. */
  readonly yref: string;
  /** Which point of the text x names. */
  readonly xanchor?: "left" | "center" | "right";
  /** Which point of the text y names. */
  readonly yanchor?: "top" | "middle" | "bottom";
  /** How lines stand above each other. */
  readonly align?: "left" | "center" | "right";
  /** To the right, in pixels. */
  readonly xshift?: number;
  /** Upwards, in pixels. */
  readonly yshift?: number;
  /** From the text to its border, in pixels. */
  readonly borderpad?: 0;
  /** The border's breadth. */
  readonly borderwidth?: 0;
  /** Arrows are not drawn. */
  readonly showarrow: false;
  /** The letters. */
  readonly font?: Font;
}

/** The key to the traces. */
export interface Legend {
  /** One under the other, or side by side. */
  readonly orientation?: "v" | "h";
  /** Where it is, as a share of the plot's width. */
  readonly x?: number;
  /** Where it is, as a share of the plot's height. */
  readonly y?: number;
  /** Which point of it x names. */
  readonly xanchor?: "left" | "center" | "right";
  /** Which point of it y names. */
  readonly yanchor?: "top" | "middle" | "bottom";
  /** The background. */
  readonly bgcolor?: string;
  /** The letters. */
  readonly font?: Font;
  /** Free space between groups, in pixels. */
  readonly tracegroupgap?: number;
}

/** The free space about the plot, in pixels. */
export interface Margin {
  /** Left. */
  readonly l: number;
  /** Right. */
  readonly r: number;
  /** Top. */
  readonly t: number;
  /** Bottom. */
  readonly b: number;
}

/** A place on a slider. */
export interface SliderStep {
  /** What stands below it. */
  readonly label: string;
  /** What happens: frames are shown. */
  readonly method: "animate";
  /** The frame's name, and how it is shown. */
  readonly args: readonly [readonly string[], AnimationOptions];
}

/** How frames follow each other: at once. */
export interface AnimationOptions {
  /** No frame waits for another. */
  readonly mode: "immediate";
  /** How long a frame stays, and whether all is drawn anew. */
  readonly frame: { readonly duration: number; readonly redraw: boolean };
  /** How long the change takes. */
  readonly transition: { readonly duration: number };
}

/** A slider below the plot, with its left end and width those of the plot. */
export interface Slider {
  /** The step on which it stands. */
  readonly active: number;
  /** The steps, evenly spaced. */
  readonly steps: readonly SliderStep[];
  /** What stands above it: the prefix and the step's label. */
  readonly currentvalue: {
    readonly prefix: string;
    readonly xanchor: "left";
    readonly font?: Font;
  };
  /** Free space about it, in pixels. */
  readonly pad: Margin;
  /** The knob's color. */
  readonly bgcolor?: string;
  /** The knob's color while it is dragged. */
  readonly activebgcolor?: string;
  /** The color of outlines. */
  readonly bordercolor?: string;
  /** The color of ticks. */
  readonly tickcolor?: string;
  /** The letters of the steps. */
  readonly font?: Font;
}

/** All of a figure that is not data. */
export interface Layout {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** The free space about the plot. */
  readonly margin: Margin;
  /** The title. */
  readonly title?: FigureTitle;
  /** The letters. */
  readonly font?: Font;
  /** The color behind all. */
  readonly paper_bgcolor?: string;
  /** The color behind the plot. */
  readonly plot_bgcolor?: string;
  /** Whether there is a legend. */
  readonly showlegend?: boolean;
  /** The legend. */
  readonly legend?: Legend;
  /** What hovering looks for. */
  readonly hovermode?: "closest" | "x unified";
  /** The hover text's box. */
  readonly hoverlabel?: {
    readonly namelength?: number;
    readonly bgcolor?: string;
    readonly bordercolor?: string;
    readonly font?: Font;
  };
  /** The buttons that come with the mouse. */
  readonly modebar?: {
    readonly bgcolor?: string;
    readonly color?: string;
    readonly activecolor?: string;
  };
  /** The free space between bars, as a share. */
  readonly bargap?: number;
  /** How bars at one place stand. */
  readonly barmode?: "group" | "overlay";
  /** What dragging does. */
  readonly dragmode?: "zoom" | "pan";
  /** Lines and rectangles. */
  readonly shapes?: readonly LayoutShape[];
  /** Pieces of text. */
  readonly annotations?: readonly Annotation[];
  /** Sliders. */
  readonly sliders?: readonly Slider[];
  /** The first x axis. */
  readonly xaxis?: Axis;
  /** The first y axis. */
  readonly yaxis?: Axis;
  /** Further x axes. */
  readonly [xaxis: `xaxis${number}`]: Axis | undefined;
  /** Further y axes. */
  readonly [yaxis: `yaxis${number}`]: Axis | undefined;
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
  /** The color of the area. */
  readonly fillcolor?: string;
  /** What hovering over an area inside its line says. */
  readonly text?: string;
}

/** The colors of a heat map, from 0 to 1. */
export type Colorscale = readonly (readonly [number, string])[];

/** The key to a heat map's colors. */
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

/** Cells colored by value. */
export interface HeatmapTrace extends TraceBase {
  /** The kind of trace. */
  readonly type: "heatmap";
  /** The columns, evenly spaced. */
  readonly x: Coordinates;
  /** The rows, evenly spaced. */
  readonly y: Coordinates;
  /** The values, row by row; null is no cell. */
  readonly z: readonly (readonly (number | null)[])[];
  /** The value of the first color. */
  readonly zmin: number;
  /** The value of the last color. */
  readonly zmax: number;
  /** The colors. */
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

/** A title of an axis, a legend or a color bar. */
export interface TitleText {
  /** The words; a few HTML tags have a meaning. */
  readonly text: string;
  /** The letters. */
  readonly font?: Font;
  /** From the tick labels, in pixels. */
  readonly standoff?: number;
}
