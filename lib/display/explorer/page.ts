/**
 * The part of a page that the panel's script uses.
 *
 * @module
 */

/** An element of a page. */
export interface PageElement {
  /** Its width in pixels, 0 where it is not shown. */
  readonly clientWidth: number;
  /** Its own tree, once it is attached. */
  readonly shadowRoot: PageRoot | null;
  /** Its classes. */
  readonly classList: { toggle(name: string, on: boolean): void };
  /** Its text. */
  textContent: string;
  /** Its content as markup. */
  innerHTML: string;
  /** Whether it is left out. */
  hidden: boolean;
  /** Attaches a tree of its own, which is shown in place of its children. */
  attachShadow(options: { mode: "open" }): PageRoot;
  /** Finds the nearest element about it. */
  closest(selector: string): PageElement | null;
  /** Calls back at each event. */
  addEventListener(type: string, listener: () => void): void;
  /** Sets an attribute. */
  setAttribute(name: string, value: string): void;
  /** Finds an element in it. */
  querySelector(selector: string): PageElement | null;
  /** Finds the elements in it. */
  querySelectorAll(selector: string): ArrayLike<PageElement>;
}

/** The tree of an element. */
export type PageRoot = Pick<
  PageElement,
  "innerHTML" | "querySelector" | "querySelectorAll"
>;

/** An input of a form. */
export interface PageInput extends PageElement {
  /** What it is called. */
  readonly name: string;
  /** Its kind. */
  readonly type: string;
  /** Whether it is ticked. */
  readonly checked: boolean;
  /** What it holds. */
  readonly value: string;
}

/** Says when an element gets another size. */
export type PageObserver = new (callback: () => void) => {
  /** Begins. */
  observe(element: PageElement): void;
};
