/**
 * The kinds of the oracle that this library has no word for yet, by file and by reason; and single cases of
 * kinds that it has, but not with all of PyTorch's options yet.
 *
 * Whatever is neither here nor in the table of its file fails the tests, and so does what is in both: a new operation
 * cannot be forgotten here, and no kind can be left out in silence. A single case must not be here if it would pass.
 */
export const later: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {}
