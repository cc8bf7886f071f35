/** Preact and htm, as the pages use them: `html` makes elements; what comes from outside only ever becomes text. */

import htm from './htm.module.js';
import { h } from './preact.module.js';

export const html = htm.bind(h);
export { Fragment, createContext, render } from './preact.module.js';
export * from './hooks.module.js';
