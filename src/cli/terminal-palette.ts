import { Chalk } from 'chalk';
import type { Palette } from '../report/palette.ts';

/** The 16 colours that every terminal has. A module of its own, since loading chalk takes a while and logs have no colours. */
const { bold, dim, red, green, yellow, magenta, cyan } = new Chalk({ level: 1 });

export const terminalPalette: Palette = {
  bold,
  dim,
  red,
  green,
  yellow,
  magenta,
  cyan,
  heading: bold.underline,
};
