/** Colours for people. Whoever prints says which: most reports are read by machines or in logs, and have none. */

export type Paint = (text: string) => string;

export type Palette = Readonly<
  Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'magenta' | 'cyan' | 'heading', Paint>
>;

const leave: Paint = (text) => text;

/** Paints nothing. */
export const plainPalette: Palette = {
  bold: leave,
  dim: leave,
  red: leave,
  green: leave,
  yellow: leave,
  magenta: leave,
  cyan: leave,
  heading: leave,
};
