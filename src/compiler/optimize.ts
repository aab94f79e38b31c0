/** All passes, and the order in which a program goes through them before an engine gets it. */
import { expandProducts } from './pass/expand-products.js'
import { foldConstants } from './pass/fold-constants.js'
import { fuse } from './pass/fuse.js'
import { joinPads } from './pass/join-pads.js'
import { layout } from './pass/layout.js'
import { narrow } from './pass/narrow.js'
import { everywhere, followedBy, inOrder, type Pass, type Run, untilStill } from './pass/pass.js'
import { share } from './pass/share.js'
import { simplify } from './pass/simplify.js'

/** Passes that keep every bit. */
export const exactPasses: readonly Pass[] = [foldConstants, simplify, narrow, share, layout, joinPads]

const exact: Run = untilStill(inOrder(...exactPasses.map(pass => pass.run)))

/** The program with less to do and the same bits, bodies of controls included. */
export const simplified: Run = everywhere(exact)

/**
 * The program as an engine with kernels wants it: with small products as sums, and clusters of equations as one. Bodies are prepared too. The views that
 * clusters have put around them are simplified at the end.
 */
export const prepare: Run = everywhere(
  inOrder(exact, followedBy(expandProducts.run, exact), followedBy(fuse.run, exact))
)
