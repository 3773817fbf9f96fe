/**
 * Figures of weights: pure functions from tensors and options to a
 * figure.
 *
 * @module
 */

export { compare, type CompareOptions } from "./compare.ts";
export { Figure, type FigureJson, type FigureParts } from "./figure.ts";
export { kernels, type KernelsOptions } from "./kernels.ts";
export {
  propagation,
  type PropagationFigureOptions,
  type SignalName,
} from "./propagation.ts";
export { fan, type FanFigureOptions } from "./fan.ts";
export { layers, type LayersOptions } from "./layers.ts";
export { quantiles, type QuantilesOptions } from "./quantiles.ts";
export { spectrum, type SpectrumOptions } from "./spectrum.ts";
export { weights, type WeightsOptions } from "./weights.ts";
export type { HistogramOptions } from "./histogram.ts";
export type { FigureOptions } from "./page.ts";
export type { ChannelRange } from "./cells.ts";
export type {
  AnimationOptions,
  Annotation,
  Axis,
  BarTrace,
  ColorBar,
  Colorscale,
  Coordinates,
  FigureTitle,
  Font,
  Frame,
  FrameTrace,
  HeatmapTrace,
  Json,
  Layout,
  LayoutShape,
  Legend,
  Line,
  Margin,
  ScatterTrace,
  Slider,
  SliderStep,
  TitleText,
  Trace,
  TraceBase,
} from "./types.ts";
