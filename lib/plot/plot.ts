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
export type { HistogramOptions } from "./histogram_figure.ts";
export type { FigureOptions } from "./options.ts";
export type { ParameterOwner, Source } from "./source.ts";
export type {
  NamedDistribution,
  TheoryOption,
  UniformInterval,
} from "./theory_option.ts";
export type { ChannelRange } from "./tiles.ts";
export type {
  AnimationOptions,
  Annotation,
  Axis,
  FigureTitle,
  Layout,
  LayoutShape,
  Legend,
  Margin,
  Slider,
  SliderStep,
} from "./layout.ts";
export type {
  BarTrace,
  ColorBar,
  Colorscale,
  Coordinates,
  Font,
  Frame,
  FrameTrace,
  HeatmapTrace,
  Json,
  Line,
  ScatterTrace,
  TitleText,
  Trace,
  TraceBase,
} from "./traces.ts";
