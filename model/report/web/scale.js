// SPDX-License-Identifier: BSD-2-Clause
// scale: colours for numbers, and choices of some among many. Nothing here knows of a page.

// Viridis (S. van der Walt, N. Smith, 2015) at nine places: as dark as it is small, for every kind of colour vision.
const SCALE = [[68, 1, 84], [71, 44, 122], [59, 81, 139], [44, 113, 142], [33, 144, 141], [39, 173, 129], [92, 200, 99], [170, 220, 50], [253, 231, 37]];

/** Colour of a share from 0 to 1, and whether text on it is dark. */
export function heat(share) {
  const at = Math.max(0, Math.min(1, share)) * (SCALE.length - 1), low = Math.min(SCALE.length - 2, Math.floor(at));
  const mixed = SCALE[low].map((value, i) => Math.round(value + (SCALE[low + 1][i] - value) * (at - low)));
  const light = 0.299 * mixed[0] + 0.587 * mixed[1] + 0.114 * mixed[2];
  return {background: `rgb(${mixed.join(',')})`, dark: light > 140};
}

/** At most `most` of the indices below `count`, evenly, with both ends. */
export function evenly(count, most) {
  if (count <= most) return Array.from({length: count}, (_, i) => i);
  return Array.from({length: most}, (_, i) => Math.round(i * (count - 1) / (most - 1)));
}
